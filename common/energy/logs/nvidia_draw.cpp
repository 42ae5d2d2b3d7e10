#include "common/energy/logs/nvidia_draw.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "common/energy/logs/log_text.hpp"

namespace fedgram::power_logs {

namespace {

// NVML's documentation of nvmlDeviceGetPowerUsage, which power.draw shows: "On Ampere (except GA100) or newer GPUs, the
// API returns power averaged over 1 sec interval. On GA100 and older architectures, instantaneous power is returned."
// (nvidia.github.io/cuda-python, cuda.bindings.nvml.device_get_power_usage.) `nvidia-smi --help-query-gpu` leaves GA100
// out at power.draw.average alone.

/// GA100.
constexpr std::array<std::string_view, 5> ga100{"A100", "A100X", "A800", "A30", "A30X"};

/// Other Ampere, Ada, Hopper, Blackwell.
constexpr std::array<std::string_view, 22> newer{"A2",   "A10",  "A10G",  "A16",   "A40",  "L4",       "L20",  "L40",
                                                 "L40S", "H20",  "H100",  "H200",  "H800", "GH200",    "B100", "B200",
                                                 "B300", "GB10", "GB200", "GB300", "Ada",  "Blackwell"};

/// Kepler to Turing.
constexpr std::array<std::string_view, 17> older{"V100", "V100S", "P100", "P40", "P6",  "P4",    "K80",  "K40",  "K40c",
                                                 "M40",  "M60",   "T4",   "T4G", "GTX", "TITAN", "T400", "T1000"};

template <std::size_t Size>
bool holds(const std::array<std::string_view, Size>& names, std::string_view word)
{
    return std::ranges::find(names, word) != names.end();
}

/// "RTX 3090", "RTX A6000", "RTX 2080 Ti", "RTX 6000": by the word behind RTX.
Draw draw_of_rtx(std::string_view number)
{
    if (number.starts_with('A') || number == "PRO") return Draw::averaged;
    if (number.size() != 4) return Draw::unknown;
    if (number.starts_with("20")) return Draw::momentary;
    const bool newer_geforce = number.starts_with("30") || number.starts_with("40") || number.starts_with("50");
    // RTX 3000, 4000 and 5000 are Turing boards of the name Quadro, or Ada ones: those say so in another word.
    return newer_geforce && !number.ends_with("000") ? Draw::averaged : Draw::unknown;
}

}  // namespace

Draw draw_of_gpu(std::string_view product)
{
    std::string separated{product};
    std::ranges::replace(separated, '-', ' ');
    const auto parts = words(separated);
    const auto any = [&](const auto& names) {
        return std::ranges::any_of(parts, [&](std::string_view word) { return holds(names, word); });
    };
    if (any(ga100)) return Draw::momentary;
    if (any(newer)) return Draw::averaged;
    if (any(older) || std::ranges::find(parts, "Quadro") != parts.end()) return Draw::momentary;
    const auto rtx = std::ranges::find(parts, "RTX");
    return rtx == parts.end() || rtx + 1 == parts.end() ? Draw::unknown : draw_of_rtx(*(rtx + 1));
}

}  // namespace fedgram::power_logs
