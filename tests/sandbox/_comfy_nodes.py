"""The nodes that the sandbox's ComfyUI has: enough for the usual film and still workflows."""

from dataclasses import dataclass, field
from typing import Any, Final

Json = dict[str, Any]
_BIG: Final = 0xFFFF_FFFF_FFFF_FFFF
_SAMPLERS: Final = ["euler", "euler_ancestral", "dpmpp_2m", "uni_pc", "lcm", "res_multistep"]
_SCHEDULERS: Final = ["simple", "normal", "karras", "beta", "sgm_uniform"]
MODELS: Final = {
    "checkpoints": ["ltx-video-2b-v0.9.5.safetensors", "sd_xl_base_1.0.safetensors"],
    "diffusion_models": [
        "wan2.2_ti2v_5B_fp16.safetensors",
        "wan2.2_t2v_high_noise_14B_fp8_scaled.safetensors",
        "wan2.2_t2v_low_noise_14B_fp8_scaled.safetensors",
    ],
    "text_encoders": ["umt5_xxl_fp8_e4m3fn_scaled.safetensors", "t5xxl_fp16.safetensors"],
    "vae": ["wan2.2_vae.safetensors", "wan_2.1_vae.safetensors"],
    "clip_vision": ["clip_vision_h.safetensors"],
    "loras": ["wan2.2_lightx2v_4steps.safetensors"],
}

Kind = str | list[str]
"""A type's name, or the list of values to choose from."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One input of a node."""

    kind: Kind
    config: Json = field(default_factory=dict[str, Any])
    required: bool = True


@dataclass(frozen=True, slots=True)
class Node:
    """What a node takes and gives. `saves` is the key its files are shown under, if it saves."""

    inputs: dict[str, Slot]
    gives: tuple[str, ...] = ()
    saves: str | None = None

    def info(self, name: str) -> Json:
        """Describe it as `/object_info` does."""
        required = {key: [s.kind, s.config] for key, s in self.inputs.items() if s.required}
        optional = {key: [s.kind, s.config] for key, s in self.inputs.items() if not s.required}
        return {
            "input": {"required": required, "optional": optional},
            "input_order": {"required": list(required), "optional": list(optional)},
            "output": list(self.gives),
            "output_is_list": [False] * len(self.gives),
            "output_name": list(self.gives),
            "name": name,
            "display_name": name,
            "description": "",
            "python_module": "nodes",
            "category": "sandbox",
            "output_node": self.saves is not None,
        }


def _whole(least: int = 0, most: int = 16_384, default: int = 1) -> Slot:
    return Slot("INT", {"default": default, "min": least, "max": most})


def _real(least: float = 0.0, most: float = 100.0, default: float = 1.0) -> Slot:
    return Slot("FLOAT", {"default": default, "min": least, "max": most})


def _maybe(kind: Kind) -> Slot:
    return Slot(kind, required=False)


_TEXT: Final = Slot("STRING", {"multiline": True})
_PREFIX: Final = Slot("STRING", {"default": "ComfyUI"})
_SIZE: Final = {"width": _whole(16, default=832), "height": _whole(16, default=480)}
_LENGTH: Final = {"length": _whole(1, default=81), "batch_size": _whole(1, 4096)}
_GUIDED: Final = {"positive": Slot("CONDITIONING"), "negative": Slot("CONDITIONING")}
_SAMPLING: Final = {
    "model": Slot("MODEL"),
    **_GUIDED,
    "latent_image": Slot("LATENT"),
    "steps": _whole(1, 10_000, 20),
    "cfg": _real(default=8.0),
    "sampler_name": Slot(_SAMPLERS),
    "scheduler": Slot(_SCHEDULERS),
}
_GUIDED_LATENT: Final = ("CONDITIONING", "CONDITIONING", "LATENT")

NODES: Final[dict[str, Node]] = {
    "CheckpointLoaderSimple": Node(
        {"ckpt_name": Slot(MODELS["checkpoints"])}, ("MODEL", "CLIP", "VAE")
    ),
    "UNETLoader": Node(
        {
            "unet_name": Slot(MODELS["diffusion_models"]),
            "weight_dtype": Slot(["default", "fp8_e4m3fn", "fp8_e5m2"]),
        },
        ("MODEL",),
    ),
    "CLIPLoader": Node(
        {
            "clip_name": Slot(MODELS["text_encoders"]),
            "type": Slot(["wan", "ltxv", "sd3", "stable_diffusion"]),
            "device": _maybe(["default", "cpu"]),
        },
        ("CLIP",),
    ),
    "VAELoader": Node({"vae_name": Slot(MODELS["vae"])}, ("VAE",)),
    "LoraLoaderModelOnly": Node(
        {
            "model": Slot("MODEL"),
            "lora_name": Slot(MODELS["loras"]),
            "strength_model": _real(-100.0),
        },
        ("MODEL",),
    ),
    "ModelSamplingSD3": Node({"model": Slot("MODEL"), "shift": _real()}, ("MODEL",)),
    "CLIPTextEncode": Node({"text": _TEXT, "clip": Slot("CLIP")}, ("CONDITIONING",)),
    "LoadImage": Node({"image": Slot("INPUT_FILE")}, ("IMAGE", "MASK")),
    "LoadVideo": Node({"file": Slot("INPUT_FILE")}, ("VIDEO",)),
    "ImageScale": Node(
        {
            "image": Slot("IMAGE"),
            "upscale_method": Slot(["nearest-exact", "bilinear", "area", "bicubic", "lanczos"]),
            **_SIZE,
            "crop": Slot(["disabled", "center"]),
        },
        ("IMAGE",),
    ),
    "EmptyLatentImage": Node({**_SIZE, "batch_size": _whole(1, 4096)}, ("LATENT",)),
    "EmptyHunyuanLatentVideo": Node({**_SIZE, **_LENGTH}, ("LATENT",)),
    "EmptyLTXVLatentVideo": Node({**_SIZE, **_LENGTH}, ("LATENT",)),
    "Wan22ImageToVideoLatent": Node(
        {"vae": Slot("VAE"), **_SIZE, **_LENGTH, "start_image": _maybe("IMAGE")}, ("LATENT",)
    ),
    "WanImageToVideo": Node(
        {**_GUIDED, "vae": Slot("VAE"), **_SIZE, **_LENGTH, "start_image": _maybe("IMAGE")},
        _GUIDED_LATENT,
    ),
    "WanFirstLastFrameToVideo": Node(
        {
            **_GUIDED,
            "vae": Slot("VAE"),
            **_SIZE,
            **_LENGTH,
            "start_image": _maybe("IMAGE"),
            "end_image": _maybe("IMAGE"),
        },
        _GUIDED_LATENT,
    ),
    "LTXVConditioning": Node(
        {**_GUIDED, "frame_rate": _real(0.0, 1000.0, 25.0)}, ("CONDITIONING", "CONDITIONING")
    ),
    "KSampler": Node(
        {"seed": _whole(0, _BIG, 0), **_SAMPLING, "denoise": _real(0.0, 1.0)}, ("LATENT",)
    ),
    "KSamplerAdvanced": Node(
        {
            "noise_seed": _whole(0, _BIG, 0),
            **_SAMPLING,
            "add_noise": Slot(["enable", "disable"]),
            "start_at_step": _whole(0, 10_000, 0),
            "end_at_step": _whole(0, 10_000, 10_000),
            "return_with_leftover_noise": Slot(["disable", "enable"]),
        },
        ("LATENT",),
    ),
    "VAEDecode": Node({"samples": Slot("LATENT"), "vae": Slot("VAE")}, ("IMAGE",)),
    "CreateVideo": Node(
        {
            "images": Slot("IMAGE"),
            "fps": _real(1.0, 120.0, 30.0),
            "audio": _maybe("AUDIO"),
        },
        ("VIDEO",),
    ),
    "SaveVideo": Node(
        {
            "video": Slot("VIDEO"),
            "filename_prefix": _PREFIX,
            "format": _maybe(["auto", "mp4"]),
            "codec": _maybe(["auto", "h264"]),
        },
        saves="images",
    ),
    "VHS_VideoCombine": Node(
        {
            "images": Slot("IMAGE"),
            "frame_rate": _real(1.0, 120.0, 8.0),
            "loop_count": _whole(0, 100, 0),
            "filename_prefix": _PREFIX,
            "format": Slot(["video/h264-mp4", "video/h265-mp4"]),
            "pingpong": Slot("BOOLEAN"),
            "save_output": Slot("BOOLEAN"),
        },
        ("VHS_FILENAMES",),
        saves="gifs",
    ),
    "SaveImage": Node({"images": Slot("IMAGE"), "filename_prefix": _PREFIX}, saves="images"),
    "PreviewImage": Node({"images": Slot("IMAGE")}, saves="images"),
    "PrimitiveInt": Node({"value": _whole(-(2**63), 2**63 - 1, 0)}, ("INT",)),
    "PrimitiveFloat": Node({"value": _real(-1e9, 1e9)}, ("FLOAT",)),
    "PrimitiveStringMultiline": Node({"value": _TEXT}, ("STRING",)),
}
