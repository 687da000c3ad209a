"""The emoji shortcodes that the small Slack knows, and the ones its picker offers."""

# ruff: noqa: RUF001 -- emoji look like letters to a linter
_KNOWN = """
grinning 😀 smiley 😃 smile 😄 grin 😁 laughing 😆 satisfied 😆 sweat_smile 😅 joy 😂 rofl 🤣
rolling_on_the_floor_laughing 🤣 slightly_smiling_face 🙂 upside_down_face 🙃 wink 😉 blush 😊
innocent 😇 heart_eyes 😍 star-struck 🤩 kissing_heart 😘 yum 😋 stuck_out_tongue 😛 zany_face 🤪
hugging_face 🤗 thinking_face 🤔 thinking 🤔 zipper_mouth_face 🤐 neutral_face 😐 expressionless 😑
no_mouth 😶 smirk 😏 unamused 😒 face_with_rolling_eyes 🙄 grimacing 😬 relieved 😌 pensive 😔
sleepy 😪 sleeping 😴 mask 😷 nerd_face 🤓 sunglasses 😎 confused 😕 worried 😟 open_mouth 😮
astonished 😲 flushed 😳 pleading_face 🥺 fearful 😨 cry 😢 sob 😭 scream 😱 disappointed 😞
sweat 😓 weary 😩 tired_face 😫 triumph 😤 rage 😡 angry 😠 exploding_head 🤯 partying_face 🥳
skull 💀 ghost 👻 robot_face 🤖 alien 👽 poop 💩 clown_face 🤡 face_with_monocle 🧐 salute 🫡
+1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 clap 👏 wave 👋 raised_hands 🙌 pray 🙏 handshake 🤝
muscle 💪 ok_hand 👌 v ✌️ crossed_fingers 🤞 point_up ☝️ point_down 👇 point_left 👈 point_right 👉
raised_hand ✋ hand ✋ writing_hand ✍️ fist ✊ facepunch 👊 call_me_hand 🤙 bow 🙇 shrug 🤷
facepalm 🤦 eyes 👀 eye 👁️ brain 🧠 speech_balloon 💬 thought_balloon 💭 zzz 💤
heart ❤️ orange_heart 🧡 yellow_heart 💛 green_heart 💚 blue_heart 💙 purple_heart 💜
black_heart 🖤 white_heart 🤍 broken_heart 💔 sparkling_heart 💖 two_hearts 💕
fire 🔥 sparkles ✨ star ⭐ star2 🌟 dizzy 💫 boom 💥 zap ⚡ 100 💯 tada 🎉 confetti_ball 🎊
balloon 🎈 gift 🎁 trophy 🏆 medal 🏅 first_place_medal 🥇 second_place_medal 🥈
third_place_medal 🥉 crown 👑 gem 💎 rocket 🚀 airplane ✈️ car 🚗 ship 🚢 bike 🚲
clapper 🎬 movie_camera 🎥 film_projector 📽️ film_frames 🎞️ cinema 🎦 video_camera 📹 camera 📷
camera_with_flash 📸 tv 📺 frame_with_picture 🖼️ art 🎨 performing_arts 🎭 microphone 🎤
studio_microphone 🎙️ headphones 🎧 musical_note 🎵 notes 🎶 loud_sound 🔊 mute 🔇 bulb 💡
flashlight 🔦 candle 🕯️ level_slider 🎚️ control_knobs 🎛️ ticket 🎫 dart 🎯 game_die 🎲
white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️ x ❌ negative_squared_cross_mark ❎
heavy_plus_sign ➕ heavy_minus_sign ➖ question ❓ exclamation ❗ bangbang ‼️ warning ⚠️
no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑 construction 🚧 rotating_light 🚨 sos 🆘 new 🆕
ok 🆗 cool 🆒 up 🆙 information_source ℹ️ recycle ♻️ repeat 🔁 arrows_counterclockwise 🔄
leftwards_arrow_with_hook ↩️ arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️
arrow_upper_right ↗️ arrow_forward ▶️ double_vertical_bar ⏸️ black_square_for_stop ⏹️
fast_forward ⏩ rewind ⏪ record_button ⏺️ red_circle 🔴 large_orange_circle 🟠
large_yellow_circle 🟡 large_green_circle 🟢 large_blue_circle 🔵 large_purple_circle 🟣
white_circle ⚪ black_circle ⚫ large_red_square 🟥 large_green_square 🟩 o ⭕
memo 📝 pencil 📝 pencil2 ✏️ page_facing_up 📄 page_with_curl 📃 clipboard 📋 bookmark 🔖 label 🏷️
paperclip 📎 link 🔗 pushpin 📌 round_pushpin 📍 scissors ✂️ file_folder 📁 open_file_folder 📂
card_file_box 🗃️ wastebasket 🗑️ package 📦 inbox_tray 📥 outbox_tray 📤 email 📧 envelope ✉️
calendar 📅 date 📅 spiral_calendar_pad 🗓️ hourglass ⌛ hourglass_flowing_sand ⏳ alarm_clock ⏰
stopwatch ⏱️ clock1 🕐 watch ⌚ bell 🔔 no_bell 🔕 mega 📣 loudspeaker 📢 lock 🔒 unlock 🔓 key 🔑
shield 🛡️ hammer 🔨 wrench 🔧 hammer_and_wrench 🛠️ gear ⚙️ mag 🔍 mag_right 🔎 test_tube 🧪
chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 bar_chart 📊 moneybag 💰 dollar 💵
euro 💶 credit_card 💳 receipt 🧾 briefcase 💼 computer 💻 iphone 📱 floppy_disk 💾
sunny ☀️ partly_sunny ⛅ cloud ☁️ rain_cloud 🌧️ snowflake ❄️ rainbow 🌈 ocean 🌊 mountain ⛰️
snow_capped_mountain 🏔️ camping 🏕️ tent ⛺ evergreen_tree 🌲 herb 🌿 seedling 🌱 four_leaf_clover 🍀
rose 🌹 sunrise 🌅 city_sunset 🌆 night_with_stars 🌃 crescent_moon 🌙 earth_africa 🌍
house 🏠 office 🏢 stadium 🏟️ coffee ☕ tea 🍵 beer 🍺 beers 🍻 champagne 🍾 pizza 🍕 cake 🍰
birthday 🎂 apple 🍎 banana 🍌 popcorn 🍿 dog 🐶 cat 🐱 fox_face 🦊 bear 🐻 panda_face 🐼
unicorn_face 🦄 bee 🐝 bug 🐛 turtle 🐢 snail 🐌 bust_in_silhouette 👤 busts_in_silhouette 👥
runner 🏃 dancer 💃 man_dancing 🕺 ring 💍 hiking_boot 🥾 tshirt 👕 jacket 🧥 eyeglasses 👓
one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣ six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ keycap_ten 🔟 zero 0️⃣
checkered_flag 🏁 triangular_flag_on_post 🚩 waving_white_flag 🏳️ thread 🧵 jigsaw 🧩 wheel 🛞
"""

_words = _KNOWN.split()
EMOJI: dict[str, str] = dict(zip(_words[::2], _words[1::2], strict=True))

PICKER: tuple[str, ...] = (
    *("+1", "-1", "white_check_mark", "x", "eyes", "heart", "fire", "clapper", "tada", "pray"),
    *(
        "thinking_face",
        "joy",
        "heart_eyes",
        "100",
        "sparkles",
        "clap",
        "rocket",
        "warning",
        "repeat",
    ),
    *("hourglass_flowing_sand", "art", "film_frames", "bulb", "raised_hands"),
)

_TONES = {f"skin-tone-{n}": tone for n, tone in enumerate("🏻🏼🏽🏾🏿", start=2)}


def glyph(name: str) -> str | None:
    """Return the character for `+1` or `+1::skin-tone-3`, or None for a name nobody taught us."""
    base, _, tone = name.partition("::")
    found = EMOJI.get(base)
    return None if found is None else found + _TONES.get(tone, "")
