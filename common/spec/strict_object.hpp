#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace fedgram::spec {

/// The numbers that a key may hold, and how an error words them.
struct NumberRange {
    enum class Low { included, excluded };

    double low = 0;
    Low low_end = Low::included;
    std::optional<double> high;

    [[nodiscard]] bool contains(double value) const;
    [[nodiscard]] std::string text() const;  ///< "a number above 0", "a number from 1 to 10"
};

inline constexpr NumberRange not_negative{};
inline constexpr NumberRange positive{0, NumberRange::Low::excluded, std::nullopt};

/// A user's JSON object, read key by key. Each getter throws SpecError that names the key's full path, the value
/// and what would be valid; `finish` refuses the keys that nobody asked for. Refers to the JSON: not to outlive it.
class StrictObject {
public:
    /// `path` is how errors name the object: "accounting.link", "v100.json: device". Throws if `value` is no object.
    StrictObject(const nlohmann::ordered_json& value, std::string path);

    [[nodiscard]] double number(std::string_view key, const NumberRange& range);
    [[nodiscard]] std::optional<double> optional_number(std::string_view key, const NumberRange& range);
    [[nodiscard]] bool boolean(std::string_view key);
    [[nodiscard]] std::string text(std::string_view key);  ///< not empty
    [[nodiscard]] std::string choice(std::string_view key, std::initializer_list<std::string_view> choices);
    [[nodiscard]] const nlohmann::ordered_json& array(std::string_view key);  ///< not empty
    [[nodiscard]] const nlohmann::ordered_json& value(std::string_view key);  ///< whatever it is
    [[nodiscard]] const nlohmann::ordered_json* find(std::string_view key);   ///< nullptr when absent
    [[nodiscard]] StrictObject object(std::string_view key);
    void finish() const;

    [[nodiscard]] std::string path_of(std::string_view key) const;

private:
    const nlohmann::ordered_json& value_;
    std::string path_;
    std::vector<std::string> asked_;
};

/// "PATH: VALUE is not valid; use EXPECTED", as SpecError.
[[noreturn]] void refuse(const std::string& path, const nlohmann::ordered_json& value, const std::string& expected);

}  // namespace fedgram::spec
