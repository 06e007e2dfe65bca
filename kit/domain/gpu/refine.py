"""What WebGPU and client hints add to a renderer string: family, chip and confidence, never vendor, model or class."""

from dataclasses import replace

from kit.domain.gpu.chips import chip_by_id
from kit.domain.gpu.device import Confidence, Gpu
from kit.domain.gpu.grouping import family_of_chip, is_vague
from kit.domain.gpu.rule import Rule, first
from kit.domain.wire.device import ClientHints, DeviceBlock, WebgpuAdapter

ADAPTER_VENDORS: tuple[Rule[str], ...] = (
    Rule(r"^nvidia$|^0x10de$", "NVIDIA", "nvidia"),
    Rule(r"^amd$|^0x1002$", "AMD", "amd"),
    Rule(r"^intel$|^0x8086$", "Intel", "intel"),
    Rule(r"^apple$", "Apple", "apple"),
    Rule(r"^qualcomm$", "Qualcomm", "qualcomm"),
    Rule(r"^arm$", "ARM", "arm"),
    Rule(r"^img-tec$|^imagination$", "Imagination", "img-tec"),
    Rule(r"^samsung$", "Samsung", "samsung"),
)

ARCHITECTURES: tuple[Rule[str], ...] = (
    Rule(r"^nvidia blackwell", "NVIDIA Blackwell", "nvidia blackwell-2"),
    Rule(r"^nvidia lovelace$", "NVIDIA Ada Lovelace", "nvidia lovelace"),
    Rule(r"^nvidia ampere$", "NVIDIA Ampere", "nvidia ampere"),
    Rule(r"^nvidia turing$", "NVIDIA Turing", "nvidia turing"),
    Rule(r"^nvidia volta$", "NVIDIA Volta", "nvidia volta"),
    Rule(r"^nvidia pascal$", "NVIDIA Pascal", "nvidia pascal"),
    Rule(r"^nvidia maxwell$", "NVIDIA Maxwell", "nvidia maxwell"),
    Rule(r"^nvidia kepler$", "NVIDIA Kepler", "nvidia kepler"),
    Rule(r"^nvidia fermi$", "NVIDIA Fermi", "nvidia fermi"),
    Rule(r"^amd rdna-4$", "AMD RDNA 4", "amd rdna-4"),
    Rule(r"^amd rdna-3$", "AMD RDNA 3", "amd rdna-3"),
    Rule(r"^amd rdna-2$", "AMD RDNA 2", "amd rdna-2"),
    Rule(r"^amd rdna-1$", "AMD RDNA 1", "amd rdna-1"),
    Rule(r"^amd gcn-5$", "AMD GCN 5 (Vega)", "amd gcn-5"),
    Rule(r"^amd gcn-4$", "AMD GCN 4 (Polaris)", "amd gcn-4"),
    Rule(r"^amd gcn-3$", "AMD GCN 3", "amd gcn-3"),
    Rule(r"^amd gcn-2$", "AMD GCN 2", "amd gcn-2"),
    Rule(r"^amd gcn-1$", "AMD GCN 1", "amd gcn-1"),
    Rule(r"^intel xe-3", "Intel Xe3", "intel xe-3lpg"),
    Rule(r"^intel xe-2", "Intel Xe2", "intel xe-2lpg"),
    Rule(r"^intel (?:gen-12hp|xe-hpg)$", "Intel Alchemist", "intel gen-12hp"),
    Rule(r"^intel xe-lpg", "Intel Xe-LPG", "intel xe-lpg"),
    Rule(r"^intel (?:gen-12lp|xe-lp|xe)$", "Intel Gen 12", "intel gen-12lp"),
    Rule(r"^intel gen-11$", "Intel Gen 11", "intel gen-11"),
    Rule(r"^intel gen-9$", "Intel Gen 9", "intel gen-9"),
    Rule(r"^intel gen-8$", "Intel Gen 8", "intel gen-8"),
    Rule(r"^intel gen-7$", "Intel Gen 7", "intel gen-7"),
    Rule(r"^qualcomm adreno-8xx$", "Qualcomm Adreno 8xx", "qualcomm adreno-8xx"),
    Rule(r"^qualcomm adreno-7xx$", "Qualcomm Adreno 7xx", "qualcomm adreno-7xx"),
    Rule(r"^qualcomm adreno-6xx$", "Qualcomm Adreno 6xx", "qualcomm adreno-6xx"),
    Rule(r"^qualcomm adreno-5xx$", "Qualcomm Adreno 5xx", "qualcomm adreno-5xx"),
    Rule(r"^arm (?:gen-5|5th-gen)$", "ARM Mali 5th generation", "arm gen-5"),
    Rule(r"^arm valhall$", "ARM Mali Valhall", "arm valhall"),
    Rule(r"^arm bifrost$", "ARM Mali Bifrost", "arm bifrost"),
    Rule(r"^arm midgard$", "ARM Mali Midgard", "arm midgard"),
)
"""``vendor architecture`` of ``GPUAdapterInfo``, as browsers spell them in lower case."""

HINTED: tuple[Rule[str], ...] = (
    Rule(r"^Apple macOS arm$", "Apple M-series", "Apple macOS arm"),
    Rule(r"^Apple iOS ", "Apple A-series", "Apple iOS arm"),
)
"""``maker platform architecture`` of the client hints, where the string says nothing finer than its maker."""


def refine(gpu: Gpu, block: DeviceBlock) -> Gpu:
    """The device with what WebGPU and client hints add to it. Vendor, model, class, api and ``blurred`` stay.

    WebGPU may run on another GPU of the machine than WebGL: an adapter of another maker adds nothing.
    """
    if gpu.class_ in ("software", "virtual"):
        return gpu
    return _by_hints(_by_adapter(gpu, block.webgpu), block.client_hints)


def _by_adapter(gpu: Gpu, adapter: WebgpuAdapter | None) -> Gpu:
    if adapter is None or adapter.is_fallback or _maker(adapter) != gpu.vendor:
        return gpu
    chip = gpu.chip or ("" if gpu.blurred else chip_by_id(adapter.device, gpu.vendor))
    told = family_of_chip(chip, gpu.vendor) if chip != gpu.chip else ""
    told = told if not is_vague(told, gpu.vendor) else ""
    told = told or first(ARCHITECTURES, f"{adapter.vendor} {adapter.architecture}".lower(), "")
    return _with_family(replace(gpu, chip=chip), told)


def _by_hints(gpu: Gpu, hints: ClientHints | None) -> Gpu:
    if hints is None:
        return gpu
    return _with_family(gpu, first(HINTED, f"{gpu.vendor} {hints.platform} {hints.architecture}", ""))


def _with_family(gpu: Gpu, told: str) -> Gpu:
    if not told or not is_vague(gpu.family, gpu.vendor):
        return gpu
    sure: Confidence = "medium" if gpu.blurred else "high"
    return replace(gpu, family=told, confidence=sure)


def _maker(adapter: WebgpuAdapter) -> str:
    return first(ADAPTER_VENDORS, adapter.vendor, "")
