#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/energy/devices/figure.hpp"
#include "common/energy/devices/validation.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::energy {

enum class DeviceClass { datacenter, edge };

/// How the host launches a step's kernels: one by one, as a framework does when left alone, or as a graph that it has
/// captured, with the samples on the device.
enum class Execution { eager, graph };

[[nodiscard]] std::string_view name(Execution execution);

/// A device as data: what turns Work into seconds and joules (compute_time.hpp), and what its making cost.
struct DeviceProfile {
    std::string id;    ///< "jetson-tx2"
    std::string name;  ///< "NVIDIA Jetson TX2"
    DeviceClass device_class = DeviceClass::edge;
    std::string boundary;  ///< what the watts enclose: "chip", "module", "board" or "wall"

    Figure idle_w;            ///< waiting for the round
    Figure active_idle_w;     ///< in a training, with the runtime open and nothing to do: waiting for the host
    Figure small_kernels_w;   ///< kept busy by kernels that have hardly anything to do
    Figure full_w;            ///< at the full rate
    Figure network_w;         ///< sending or receiving: the device's own draw, not the router's
    Figure sustained_gflops;  ///< of kernels that have enough to do, in training; 1e9 FLOPs a second
    Figure memory_gb_s;       ///< 1e9 bytes a second
    Figure kernel_s;          ///< the shortest time of a kernel
    Figure eager_launch_s;    ///< host time to launch a kernel, one by one
    Figure graph_launch_s;    ///< the same in a captured graph
    Figure step_overhead_s;   ///< host time of a step beside its launches, one by one
    Figure loading_s;         ///< host time of a sample in the input pipeline

    std::optional<Figure> power_limit_w;  ///< the board is held to it by its clock

    std::optional<Figure> embodied_kgco2e;  ///< from making the device
    std::optional<Figure> lifetime_years;   ///< in use
    std::optional<Figure> price_usd;
    std::optional<Figure> rental_usd_per_hour;  ///< of a cloud's instance that has this device, on demand

    std::optional<Validation> validation;  ///< nothing: no measurement was held against this profile

    /// Joules of computing over those of the figures above: 1, with the worst factor of the validation as its band; at
    /// least 1.5 for fewer than ten rows, and 2 without one. It isn't in the file.
    Figure model_error{1, {}, {}, EvidenceLevel::assumed, "nothing was measured on this device"};
    /// An assumption of the table (carbon::Accounting), which isn't in the file either.
    Execution execution = Execution::eager;

    [[nodiscard]] Watts idle_power() const { return Watts{idle_w.value}; }
    [[nodiscard]] Watts network_power() const { return Watts{network_w.value}; }
    [[nodiscard]] double flops_per_second() const { return sustained_gflops.value * 1e9; }
    [[nodiscard]] double memory_bytes_per_second() const { return memory_gb_s.value * 1e9; }

    /// The figures that are there, in the order of the file.
    [[nodiscard]] std::vector<const Figure*> figures() const;
};

/// One of the figures that turn Work into seconds and joules.
struct PricingFigure {
    std::string_view key;
    Figure DeviceProfile::*member;
    spec::NumberRange range;
    bool is_rate = false;  ///< the more of it, the fewer joules
};

/// All that a profile must have, in the order of the file.
[[nodiscard]] std::span<const PricingFigure> pricing_figures();

/// Whether the profile is of the form with one wattage and no kernels: it has `train_w`.
[[nodiscard]] bool is_older_form(const nlohmann::ordered_json& profile);

/// `path` is how errors name the object ("v100.json: device"). Throws SpecError: unknown or missing keys, a figure
/// that is negative, not finite or without a source, a band that doesn't hold its value, watts that don't rise from
/// active_idle_w over small_kernels_w to full_w, a power limit that small kernels pass; an older form, with what it
/// lacks; a profile for inference (inference_profile.hpp).
[[nodiscard]] DeviceProfile parse_device_profile(const nlohmann::ordered_json& json, const std::string& path);

/// Parses back to the same profile.
[[nodiscard]] nlohmann::ordered_json to_json(const DeviceProfile& profile);

}  // namespace fedgram::energy
