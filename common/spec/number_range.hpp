#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fedgram::spec {

/// The numbers that a key may hold, and how an error words them.
struct NumberRange {
    enum class Low { included, excluded };
    enum class High { included, excluded };

    double low = 0;
    Low low_end = Low::included;
    std::optional<double> high{};
    High high_end = High::included;
    std::string_view words{};  ///< for an error; without them `text` makes some from the limits

    /// Never true for NaN or infinity.
    [[nodiscard]] bool contains(double value) const;
    [[nodiscard]] std::string text() const;  ///< "a number above 0", "a number from 1 to 10"
};

inline constexpr NumberRange not_negative{};
inline constexpr NumberRange positive{0, NumberRange::Low::excluded, std::nullopt};
inline constexpr NumberRange fraction{0, NumberRange::Low::included, 1};

}  // namespace fedgram::spec
