#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/energy/devices/figure.hpp"
#include "common/spec/number_type.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::energy {

/// What a measured row is for: the rate is fitted to it, it widens the rate's band, or it stands for itself.
enum class InferenceRowUse { fitted, band, shown };

[[nodiscard]] std::string_view name(InferenceRowUse use);

/// One measured set-up: a network that answers one sample at a time.
struct InferenceRow {
    std::string network;                      ///< "resnet-8"
    std::optional<std::uint64_t> macs;        ///< multiply-accumulates of an answer; nothing: not known
    std::optional<spec::NumberType> numbers;  ///< nothing: others than these
    Seconds seconds;                          ///< of an answer
    Joules joules;                            ///< of an answer, all that the boundary draws meanwhile
    std::string setup;                        ///< software, clock and voltage
    InferenceRowUse use = InferenceRowUse::shown;
    std::string source;
};

/// How fast and at what price a device multiplies numbers of one type. The value is that of the fitted row, the band
/// what other set-ups of the same device and type span; none where there is one row alone.
struct InferenceRate {
    Figure gmac_per_s;       ///< 1e9 multiply-accumulates a second
    Figure active_w;         ///< while it answers
    Figure joules_per_gmac;  ///< the quotient, set-up by set-up

    [[nodiscard]] Seconds seconds(std::uint64_t macs) const
    {
        return Seconds{static_cast<double>(macs) / (gmac_per_s.value * 1e9)};
    }
    [[nodiscard]] Joules joules(std::uint64_t macs) const
    {
        return Joules{static_cast<double>(macs) / 1e9 * joules_per_gmac.value};
    }
};

/// What a device needs to answer, as data: a microcontroller, a neural chip. Some can't train at all.
struct InferenceProfile {
    std::string id;              ///< "nucleo-l4r5zi"; a device profile of the same id is of the same device
    std::string name;            ///< "ST NUCLEO-L4R5ZI, Cortex-M4 at 120 MHz"
    std::string boundary;        ///< what the joules enclose: "chip", "module", "board" or "wall"
    bool inference_only = true;  ///< there is no profile to price a training on

    std::optional<Figure> idle_w;         ///< waiting for the next sample
    std::optional<Figure> flash_bytes;    ///< for program and weights; nothing beside a `ram_bytes`: weights lie in RAM
    std::optional<Figure> ram_bytes;      ///< for activations and the program's own data
    std::optional<Figure> fp32_slowdown;  ///< how many times as long float32 takes as int8, at the same power
    std::vector<InferenceRow> rows;       ///< at least one

    /// Rows in numbers of this type give its rate.
    [[nodiscard]] bool has_rows(spec::NumberType type) const;
    /// Nothing where no row says so: not able, or not measured. Of float32 without rows, that of int8 slowed down, with
    /// the bands of both at once.
    [[nodiscard]] std::optional<InferenceRate> rate(spec::NumberType type) const;
};

/// Whether the object is such a profile, of whatever quality, and no device profile: it has `inference_only`.
[[nodiscard]] bool is_inference_profile(const nlohmann::ordered_json& json);

/// `path` is how errors name the object. Throws SpecError: unknown or missing keys, a figure or row out of range, two
/// rows of a type that both are fitted, a band without a fitted row, a fitted row without multiply-accumulates or type.
[[nodiscard]] InferenceProfile parse_inference_profile(const nlohmann::ordered_json& json, const std::string& path);

/// Parses back to the same profile.
[[nodiscard]] nlohmann::ordered_json to_json(const InferenceProfile& profile);

}  // namespace fedgram::energy
