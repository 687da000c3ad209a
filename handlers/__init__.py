"""Every listener on one page."""

import re

from slack_bolt.async_app import AsyncApp

from handlers import commands
from handlers._door import Door
from handlers.actions import (
    digest,
    find,
    graph,
    orders,
    page,
    references,
    review,
    rights,
    rules,
    scene,
    waivers,
)
from handlers.events import files, home, mentions, reactions, reference_files, threads
from handlers.house import House
from handlers.payloads import Call, HomeOpened, Reaction, SharedMessage
from handlers.views import (
    decision_form,
    digest_form,
    order_form,
    order_menus,
    placement_form,
    reference_form,
    reference_status_form,
    release_form,
    rules_form,
    ruling_form,
    scene_form,
    sequence_form,
    settle_form,
    setup_form,
    shot_form,
    waiver_form,
    withdraw_form,
)


def register(bolt: AsyncApp, house: House) -> None:
    """Hang every listener on the door; `manifest.yml` asks Slack for the same."""
    door = Door(bolt, house)

    door.command("/scene", commands.answer)
    door.shortcut("scene_from_thread", threads.make_scene)
    door.shortcut("reference_from_message", reference_files.add_reference)

    door.event("app_mention", Call.of_mention, mentions.heard)
    door.event("reaction_added", Reaction.of, reactions.added)
    door.event("reaction_removed", Reaction.of, reactions.removed)
    door.event("message", SharedMessage.of, files.shared)
    door.event("app_home_opened", HomeOpened.of, home.opened)

    _hang_buttons(door)
    _hang_rights(door)
    _hang_graph(door)

    door.change(re.compile(f"^{order_form.CHANGED}"), order_form.changed)
    door.suggest(re.compile(f"^{order_menus.OFFERED}"), order_menus.suggest)
    door.change(reference_form.CHANGED, reference_form.changed)
    door.change(scene_form.CHANGED, scene_form.changed)

    _hang_forms(door)


def _hang_rights(door: Door) -> None:
    door.action("release_new", rights.new)
    door.action("release_show", rights.show)
    door.action("release_edit", rights.edit)
    door.action("release_revoke", rights.revoke)
    door.action("hold_decide", rights.decide)
    door.suggest(release_form.REFERENCES, release_form.suggested)
    door.view(release_form.CALLBACK, release_form.send)
    door.view(release_form.REVOKE, release_form.send_revocation)
    door.view(ruling_form.CALLBACK, ruling_form.send)


def _hang_graph(door: Door) -> None:
    door.action("reference_where", graph.more)
    door.action("reference_withdraw", graph.withdraw)
    door.action("export_place", graph.place)
    door.action("placement_end", graph.end_placement)
    door.view(withdraw_form.CALLBACK, withdraw_form.send)
    door.view(placement_form.CALLBACK, placement_form.send)


def _hang_forms(door: Door) -> None:
    door.view(scene_form.CALLBACK, scene_form.send)
    door.view(shot_form.CALLBACK, shot_form.send)
    door.view(waiver_form.CALLBACK, waiver_form.send)
    door.view(order_form.CALLBACK, order_form.send)
    door.view(settle_form.CALLBACK, settle_form.send)
    door.view(decision_form.CALLBACK, decision_form.send)
    door.view(setup_form.CALLBACK, setup_form.send)
    door.view(digest_form.CALLBACK, digest_form.send)
    door.view(rules_form.CALLBACK, rules_form.send)
    door.view(sequence_form.CALLBACK, sequence_form.send)
    door.view(reference_form.CALLBACK, reference_form.send)
    door.view(reference_status_form.CALLBACK, reference_status_form.send)


def _hang_buttons(door: Door) -> None:
    door.action("take_approve", review.approve)
    door.action("take_retake", review.retake)
    door.action("take_reject", review.reject)
    door.action("take_more", review.more)
    door.action("take_cancel", orders.cancel)
    door.action("take_not_placed", orders.was_not_placed)
    door.action("take_was_placed", orders.was_placed)
    door.action("take_elsewhere", orders.elsewhere)
    door.action("client_approve", review.client_approve)
    door.action("client_retake", review.client_retake)
    door.action("client_reject", review.client_reject)
    door.action("scene_order", scene.order)
    door.action("scene_edit", scene.edit)
    door.action("scene_override", waivers.begin)
    door.action("scene_next_shot", scene.next_shot)
    door.action("scene_log", scene.log)
    door.action("scene_from_here", scene.from_here)
    door.action("digest_prefs", digest.prefs)
    door.action("find_more", find.more)
    door.action("page_html", page.html)
    door.action("page_pdf", page.pdf)
    door.action("page_client", page.for_client)
    _hang_reference_buttons(door)
    _hang_rule_buttons(door)
    door.ignore(re.compile("^open_"))


def _hang_reference_buttons(door: Door) -> None:
    door.action("reference_approve", references.approve)
    door.action("reference_approve_all", references.approve_every)
    door.action("reference_edit", references.edit)
    door.action("reference_more", references.more)
    door.action("reference_page", references.more_of_them)
    door.action("reference_new", references.new_from_thread)
    door.action("reference_version", references.version_from_thread)


def _hang_rule_buttons(door: Door) -> None:
    door.action("rules_edit", rules.edit)
    door.action("rules_begin", rules.begin)
    door.action("rules_history", rules.history)
    door.action("sequence_edit", rules.sequence)
    door.action("sequence_new", rules.sequence)
