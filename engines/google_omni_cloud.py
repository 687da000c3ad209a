"""Google's Omni in a Google Cloud project: the same interactions as `google_omni`, another door.

It is an engine of its own because another account pays, other terms hold and files lie in the
operator's bucket. Naming the project and that bucket is what switches it on.
"""

from collections.abc import Mapping
from dataclasses import replace

from ._answer import Output
from ._call import Call, Talk
from ._google_cloud import CloudEngine, cloud_facts
from ._google_omni import OmniEngine
from ._job import JobSpec, Ref


class GoogleOmniCloud(CloudEngine, OmniEngine):
    """Omni answers in the location `global` only."""

    name = "google_omni_cloud"
    label = "Google Omni on Cloud"
    location = "global"
    base_url = "https://aiplatform.googleapis.com"
    named = {  # noqa: RUF012  a ClassVar of the base
        "gemini-omni-1.2-flash": "gemini-omni-1.2-flash",
        "gemini-omni-1.1-flash-preview": "gemini-omni-1.1-flash",
    }
    facts = cloud_facts("GOOGLE_OMNI_CLOUD", location="global", needs_bucket=True)

    def jobs(self) -> str:
        """Give the path of the interactions."""
        return f"/v1beta1/{self.home}/interactions"

    def delivery(self) -> Mapping[str, str]:
        """Have clips put into the bucket, which must be named for that."""
        return {"delivery": "uri", "gcs_uri": self.bucket}

    def order(self, spec: JobSpec) -> Call:
        """Describe the order, with the operator's labels."""
        call = super().order(spec)
        return replace(call, json={**call.json, "labels": self.labels}) if self.labels else call

    def film_at(self, uri: str) -> Output:
        """Read it from its bucket."""
        return self.stored(uri)

    def is_handed(self, uri: str) -> bool:
        """Whether a file lies in a bucket."""
        return uri.startswith("gs://")

    def handed(self, ref: Ref) -> Talk[Ref]:
        """Put a file into the bucket."""
        return self.put(ref)


ENGINE = GoogleOmniCloud
