#include "common/spec/strict_object.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/error/cut_short.hpp"
#include "common/error/error.hpp"

namespace fedgram::spec {

namespace {

std::string joined(const auto& words)
{
    std::string text;
    for (const auto& word : words) {
        if (!text.empty()) text += ", ";
        text += word;
    }
    return text;
}

std::string shown(const nlohmann::ordered_json& value)
{
    constexpr std::size_t longest = 60;
    if (value.is_number_float() && !std::isfinite(value.get<double>()))
        return std::isnan(value.get<double>()) ? "NaN" : "infinity";  // JSON would write null
    std::string text = value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    return cut_short(std::move(text), longest);
}

std::string number_text(double value)
{
    // The shortest of all would write a million as 1e+06.
    const bool plain = value > 1e-4 && value < 1e9;
    std::array<char, 32> digits;
    const auto end = digits.data() + digits.size();
    return {digits.data(), plain ? std::to_chars(digits.data(), end, value, std::chars_format::fixed).ptr
                                 : std::to_chars(digits.data(), end, value).ptr};
}

}  // namespace

bool NumberRange::contains(double value) const
{
    return std::isfinite(value) && (value > low || (value == low && low_end == Low::included)) &&
           (!high || value <= *high);
}

std::string NumberRange::text() const
{
    if (high)
        return "a number " + std::string{low_end == Low::included ? "from " : "above "} + number_text(low) + " to " +
               number_text(*high);
    return low_end == Low::included ? "a number of at least " + number_text(low) : "a number above " + number_text(low);
}

void refuse(const std::string& path, const nlohmann::ordered_json& value, const std::string& expected)
{
    throw SpecError{path + ": " + shown(value) + " is not valid; use " + expected};
}

StrictObject::StrictObject(const nlohmann::ordered_json& value, std::string path)
    : value_{value}, path_{std::move(path)}
{
    if (!value_.is_object()) refuse(path_, value_, "an object");
}

std::string StrictObject::path_of(std::string_view key) const { return path_ + "." + std::string{key}; }

const nlohmann::ordered_json* StrictObject::find(std::string_view key)
{
    asked_.emplace_back(key);
    const auto found = value_.find(std::string{key});
    return found == value_.end() ? nullptr : &*found;
}

const nlohmann::ordered_json& StrictObject::value(std::string_view key)
{
    if (const auto* found = find(key)) return *found;
    throw SpecError{path_of(key) + ": missing; add it"};
}

double StrictObject::number(std::string_view key, const NumberRange& range)
{
    const auto& found = value(key);
    if (!found.is_number() || !range.contains(found.get<double>())) refuse(path_of(key), found, range.text());
    return found.get<double>();
}

std::optional<double> StrictObject::optional_number(std::string_view key, const NumberRange& range)
{
    if (!find(key)) return std::nullopt;
    return number(key, range);
}

bool StrictObject::boolean(std::string_view key)
{
    const auto& found = value(key);
    if (!found.is_boolean()) refuse(path_of(key), found, "true or false");
    return found.get<bool>();
}

std::string StrictObject::text(std::string_view key)
{
    const auto& found = value(key);
    if (!found.is_string() || found.get_ref<const std::string&>().empty())
        refuse(path_of(key), found, "a text that is not empty");
    return found.get<std::string>();
}

std::string StrictObject::choice(std::string_view key, std::initializer_list<std::string_view> choices)
{
    const auto& found = value(key);
    if (!found.is_string() ||
        std::find(choices.begin(), choices.end(), found.get_ref<const std::string&>()) == choices.end())
        refuse(path_of(key), found, "one of " + joined(choices));
    return found.get<std::string>();
}

const nlohmann::ordered_json& StrictObject::array(std::string_view key)
{
    const auto& found = value(key);
    if (!found.is_array() || found.empty()) refuse(path_of(key), found, "a list of at least one item");
    return found;
}

StrictObject StrictObject::object(std::string_view key) { return {value(key), path_of(key)}; }

void StrictObject::finish() const
{
    for (const auto& [key, unused] : value_.items())
        if (std::find(asked_.begin(), asked_.end(), key) == asked_.end())
            throw SpecError{path_of(key) + ": unknown key; use " + joined(asked_)};
}

}  // namespace fedgram::spec
