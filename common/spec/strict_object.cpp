#include "common/spec/strict_object.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/error/cut_short.hpp"
#include "common/error/error.hpp"
#include "common/text/joined.hpp"
#include "common/text/nearest_names.hpp"

namespace fedgram::spec {

using nlohmann::ordered_json;

namespace {

/// A number built in memory may be signed where a parsed one is unsigned.
bool is_natural(const ordered_json& value)
{
    return value.is_number_unsigned() || (value.is_number_integer() && value.get<std::int64_t>() >= 0);
}

}  // namespace

std::string shown(const ordered_json& value)
{
    constexpr std::size_t longest = 60;
    if (value.is_number_float() && !std::isfinite(value.get<double>()))
        return std::isnan(value.get<double>()) ? "NaN" : "infinity";  // JSON would write null
    std::string text = value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    return cut_short(std::move(text), longest);
}

void refuse(const std::string& path, const ordered_json& value, std::string_view expected)
{
    throw SpecError{path + ": " + shown(value) + " is not valid; use " + std::string{expected}};
}

std::string one_of(const std::vector<std::string_view>& words)
{
    std::vector<std::string> quoted;
    for (const auto word : words) quoted.push_back('"' + std::string{word} + '"');
    return (quoted.size() > 1 ? "one of " : "") + text::joined(quoted);
}

StrictObject::StrictObject(const ordered_json& value, std::string path, Wording wording, Mistakes* mistakes)
    : object_{value}, path_{std::move(path)}, wording_{wording}, mistakes_{mistakes}
{
    if (!object_.is_object())
        spec::refuse(path_.empty() ? "the specification" : path_, object_,
                     wording_ == Wording::specification ? "an object {...}" : "an object");
}

std::string StrictObject::path_of(std::string_view key) const
{
    return path_.empty() ? std::string{key} : path_ + "." + std::string{key};
}

std::string StrictObject::path_of(std::string_view key, std::size_t item) const
{
    return path_of(key) + "[" + std::to_string(item) + "]";
}

void StrictObject::refuse(std::string_view key, std::string_view expected) const
{
    spec::refuse(path_of(key), object_.at(std::string{key}), expected);
}

const ordered_json* StrictObject::find(std::string_view key)
{
    if (std::ranges::find(asked_, key) == asked_.end()) asked_.emplace_back(key);
    const auto found = object_.find(std::string{key});
    return found == object_.end() ? nullptr : &*found;
}

bool StrictObject::has(std::string_view key) { return find(key) != nullptr; }

bool StrictObject::is_null(std::string_view key) const { return object_.at(std::string{key}).is_null(); }

const ordered_json& StrictObject::value(std::string_view key)
{
    if (const auto* found = find(key)) return *found;
    refuse_missing(key);
}

void StrictObject::refuse_missing(std::string_view key) const
{
    if (wording_ == Wording::data) throw SpecError{path_of(key) + ": missing; add it"};
    // A misspelt key is the likelier mistake, and the better thing to name.
    for (const auto& [name, value] : object_.items()) {
        if (std::ranges::find(asked_, name) != asked_.end()) continue;
        if (const auto meant = text::did_you_mean(name, {std::string{key}}); !meant.empty())
            throw SpecError{path_of(name) + ": unknown key; " + meant};
    }
    throw SpecError{path_of(key) + ": is missing"};
}

void StrictObject::refuse_unknown(std::string_view key) const
{
    if (wording_ == Wording::data) throw SpecError{path_of(key) + ": unknown key; use " + text::joined(asked_)};
    auto known = asked_;
    std::ranges::sort(known);
    const auto meant = text::did_you_mean(key, known);
    throw SpecError{path_of(key) + ": unknown key; " + (meant.empty() ? "use one of " + text::joined(known) : meant)};
}

void StrictObject::finish() const
{
    for (const auto& item : object_.items())
        if (std::ranges::find(asked_, item.key()) == asked_.end()) attempt([&] { refuse_unknown(item.key()); });
}

double StrictObject::number_in(std::string_view key, const ordered_json& value, const NumberRange& range) const
{
    if (!value.is_number() || !range.contains(value.get<double>())) refuse(key, range.text());
    return value.get<double>();
}

std::uint64_t StrictObject::whole_in(std::string_view key, const ordered_json& value, std::uint64_t low,
                                     std::uint64_t high) const
{
    if (!is_natural(value) || value.get<std::uint64_t>() < low || value.get<std::uint64_t>() > high)
        refuse(key, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
    return value.get<std::uint64_t>();
}

double StrictObject::number(std::string_view key, const NumberRange& range)
{
    return number_in(key, value(key), range);
}

std::uint64_t StrictObject::whole(std::string_view key)
{
    const auto& found = value(key);
    if (!is_natural(found)) refuse(key, "a whole number of at least 0");
    return found.get<std::uint64_t>();
}

std::uint32_t StrictObject::whole_32(std::string_view key)
{
    const auto number = whole(key);
    if (number > std::numeric_limits<std::uint32_t>::max()) refuse(key, "a whole number below 2^32");
    return static_cast<std::uint32_t>(number);
}

bool StrictObject::boolean(std::string_view key)
{
    const auto& found = value(key);
    if (!found.is_boolean()) refuse(key, "true or false");
    return found.get<bool>();
}

std::string StrictObject::text(std::string_view key)
{
    const auto& found = value(key);
    const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
    if (!found.is_string() || found.get_ref<const std::string&>().empty()) refuse(key, "a text that is not empty");
    if (std::ranges::any_of(found.get_ref<const std::string&>(), is_control))
        refuse(key, "a text without control characters");
    return found.get<std::string>();
}

std::string StrictObject::choice(std::string_view key, std::initializer_list<std::string_view> choices)
{
    const auto& found = value(key);
    if (!found.is_string() ||
        std::find(choices.begin(), choices.end(), found.get_ref<const std::string&>()) == choices.end())
        refuse(key, "one of " + text::joined(choices));
    return found.get<std::string>();
}

std::size_t StrictObject::word(std::string_view key, const std::vector<std::string_view>& words)
{
    const auto& found = value(key);
    for (std::size_t i = 0; i < words.size(); ++i)
        if (found.is_string() && found.get_ref<const std::string&>() == words[i]) return i;
    refuse(key, one_of(words));
}

const ordered_json& StrictObject::list(std::string_view key)
{
    const auto& found = value(key);
    if (!found.is_array()) refuse(key, "a list");
    return found;
}

const ordered_json& StrictObject::array(std::string_view key)
{
    const auto& found = value(key);
    if (!found.is_array() || found.empty()) refuse(key, "a list of at least one item");
    return found;
}

StrictObject StrictObject::object(std::string_view key) { return {value(key), path_of(key), wording_, mistakes_}; }

StrictObject StrictObject::item(std::string_view key, std::size_t index)
{
    return {value(key).at(index), path_of(key, index), wording_, mistakes_};
}

std::optional<double> StrictObject::optional_number(std::string_view key, const NumberRange& range)
{
    if (!has(key)) return std::nullopt;
    return number(key, range);
}

void StrictObject::read(std::string_view key, double& target, const NumberRange& range)
{
    if (const auto* found = find(key)) attempt([&] { target = number_in(key, *found, range); });
}

void StrictObject::read(std::string_view key, std::uint32_t& target, std::uint64_t low)
{
    constexpr auto most = std::numeric_limits<std::uint32_t>::max();
    if (const auto* found = find(key))
        attempt([&] { target = static_cast<std::uint32_t>(whole_in(key, *found, low, most)); });
}

void StrictObject::read(std::string_view key, std::uint64_t& target, std::uint64_t low)
{
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    if (const auto* found = find(key)) attempt([&] { target = whole_in(key, *found, low, most); });
}

void StrictObject::read(std::string_view key, std::string& target)
{
    const auto* found = find(key);
    if (found == nullptr) return;
    const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
    attempt([&] {
        if (!found->is_string() || std::ranges::any_of(found->get_ref<const std::string&>(), is_control))
            refuse(key, "a text without control characters");
        target = found->get<std::string>();
    });
}

void StrictObject::read(std::string_view key, std::vector<double>& target, const NumberRange& range)
{
    const auto* found = find(key);
    if (found == nullptr) return;
    attempt([&] {
        std::vector<double> numbers;
        if (!found->is_array()) numbers = {number_in(key, *found, range)};
        if (found->is_array() && found->empty()) refuse(key, range.text() + ", or a list of such");
        if (found->is_array())
            for (const auto& item : *found) numbers.push_back(number_in(key, item, range));
        target = std::move(numbers);
    });
}

template <class Target, class... Limits>
void StrictObject::read_or_null(std::string_view key, std::optional<Target>& target, Limits... limits)
{
    if (!states(key, target)) return;
    Target value{};
    if (attempt([&] { read(key, value, limits...); })) target = std::move(value);
}

void StrictObject::read(std::string_view key, std::optional<std::string>& target) { read_or_null(key, target); }

void StrictObject::read(std::string_view key, std::optional<double>& target, const NumberRange& range)
{
    read_or_null(key, target, range);
}

void StrictObject::read(std::string_view key, std::optional<std::uint32_t>& target, std::uint64_t low)
{
    read_or_null(key, target, low);
}

void StrictObject::read(std::string_view key, std::optional<std::uint64_t>& target, std::uint64_t low)
{
    read_or_null(key, target, low);
}

void StrictObject::read(std::string_view key, std::size_t& target, const std::vector<std::string_view>& words)
{
    if (has(key)) attempt([&] { target = word(key, words); });
}

void StrictObject::require(std::string_view key)
{
    attempt([&] { static_cast<void>(value(key)); });
}

void StrictObject::read_text(std::string_view key, std::string& target)
{
    attempt([&] { target = text(key); });
}

void StrictObject::pass_over(std::initializer_list<std::string_view> keys)
{
    for (const auto key : keys) static_cast<void>(find(key));
}

}  // namespace fedgram::spec
