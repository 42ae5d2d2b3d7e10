#include "common/spec/section.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "common/error/cut_short.hpp"
#include "common/error/error.hpp"

namespace fedgram::spec {

using nlohmann::ordered_json;

namespace {

std::size_t edit_distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row[b.size()];
}

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

}  // namespace

std::string shown(const ordered_json& value)
{
    constexpr std::size_t longest = 60;
    std::string text = value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
    return cut_short(std::move(text), longest);
}

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates)
{
    std::optional<std::string> best;
    // Beyond a third of the letters, or two slips in a short word, two words are different words.
    std::size_t best_distance = 1 + (word.size() < 4 ? 1 : std::max<std::size_t>(2, word.size() / 3));
    for (const auto& candidate : candidates) {
        const auto distance = edit_distance(word, candidate);
        if (distance < best_distance && distance < candidate.size()) {
            best_distance = distance;
            best = candidate;
        }
    }
    return best;
}

Section::Section(const ordered_json& value, std::string path) : object_{value}, path_{std::move(path)}
{
    if (!value.is_object())
        throw SpecError{(path_.empty() ? "the specification" : path_) + ": " + shown(value) +
                        " is not valid; use an object {...}"};
}

std::string Section::path_of(std::string_view key) const
{
    return path_.empty() ? std::string{key} : path_ + "." + std::string{key};
}

const ordered_json* Section::find(std::string_view key)
{
    known_.emplace(key);
    const auto found = object_.find(std::string{key});
    return found == object_.end() ? nullptr : &*found;
}

bool Section::has(std::string_view key) { return find(key) != nullptr; }

void Section::refuse(std::string_view key, std::string_view words) const
{
    throw SpecError{path_of(key) + ": " + shown(object_.at(std::string{key})) + " is not valid; use " +
                    std::string{words}};
}

double Section::number(std::string_view key, const ordered_json& value, const Range& range) const
{
    if (!value.is_number() || !std::isfinite(value.get<double>()) || !range.contains(value.get<double>()))
        refuse(key, range.words);
    return value.get<double>();
}

std::uint64_t Section::whole(std::string_view key, const ordered_json& value, std::uint64_t low,
                             std::uint64_t high) const
{
    // A number built in memory may be signed where a parsed one is unsigned.
    const bool not_negative =
        value.is_number_unsigned() || (value.is_number_integer() && value.get<std::int64_t>() >= 0);
    if (!not_negative || value.get<std::uint64_t>() < low || value.get<std::uint64_t>() > high)
        refuse(key, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
    return value.get<std::uint64_t>();
}

void Section::read(std::string_view key, double& target, const Range& range)
{
    if (const auto* value = find(key)) target = number(key, *value, range);
}

void Section::read(std::string_view key, std::uint32_t& target, std::uint64_t low)
{
    if (const auto* value = find(key))
        target = static_cast<std::uint32_t>(whole(key, *value, low, std::numeric_limits<std::uint32_t>::max()));
}

void Section::read(std::string_view key, std::uint64_t& target, std::uint64_t low)
{
    if (const auto* value = find(key)) target = whole(key, *value, low, std::numeric_limits<std::uint64_t>::max());
}

void Section::read(std::string_view key, std::string& target)
{
    const auto* value = find(key);
    if (value == nullptr) return;
    const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
    if (!value->is_string() || std::ranges::any_of(value->get_ref<const std::string&>(), is_control))
        refuse(key, "a text without control characters");
    target = value->get<std::string>();
}

void Section::read(std::string_view key, std::vector<double>& target, const Range& range)
{
    const auto* value = find(key);
    if (value == nullptr) return;
    if (!value->is_array()) {
        target = {number(key, *value, range)};
        return;
    }
    if (value->empty()) refuse(key, std::string{range.words} + ", or a list of such");
    target.clear();
    for (const auto& item : *value) target.push_back(number(key, item, range));
}

void Section::read(std::string_view key, std::optional<std::string>& target)
{
    if (const auto* value = find(key); value != nullptr && value->is_null())
        target.reset();
    else if (value != nullptr)
        read(key, target.emplace());
}

void Section::read(std::string_view key, std::optional<double>& target, const Range& range)
{
    if (const auto* value = find(key))
        target = value->is_null() ? std::nullopt : std::optional{number(key, *value, range)};
}

void Section::read(std::string_view key, std::optional<std::uint32_t>& target, std::uint64_t low)
{
    if (const auto* value = find(key); value != nullptr && value->is_null())
        target.reset();
    else if (value != nullptr)
        read(key, target.emplace(), low);
}

void Section::read(std::string_view key, std::optional<std::uint64_t>& target, std::uint64_t low)
{
    if (const auto* value = find(key); value != nullptr && value->is_null())
        target.reset();
    else if (value != nullptr)
        read(key, target.emplace(), low);
}

void Section::read(std::string_view key, std::size_t& target, const std::vector<std::string_view>& words)
{
    const auto* value = find(key);
    if (value == nullptr) return;
    for (std::size_t i = 0; i < words.size(); ++i)
        if (value->is_string() && value->get_ref<const std::string&>() == words[i]) {
            target = i;
            return;
        }
    std::vector<std::string> quoted;
    for (const auto word : words) quoted.push_back('"' + std::string{word} + '"');
    refuse(key, (quoted.size() > 1 ? "one of " : "") + joined(quoted));
}

const ordered_json& Section::required(std::string_view key)
{
    if (const auto* value = find(key)) return *value;
    // A misspelt key is the likelier mistake, and the better thing to name.
    for (const auto& [name, value] : object_.items())
        if (!known_.contains(name) && nearest(name, {std::string{key}}))
            throw SpecError{path_of(name) + ": unknown key; did you mean " + std::string{key} + "?"};
    throw SpecError{path_of(key) + ": is missing"};
}

void Section::refuse_unknown(std::string_view key) const
{
    const std::vector<std::string> keys{known_.begin(), known_.end()};
    const auto meant = nearest(key, keys);
    throw SpecError{path_of(key) + ": unknown key; " +
                    (meant ? "did you mean " + *meant + "?" : "use one of " + joined(keys))};
}

void Section::finish() const
{
    for (const auto& [key, value] : object_.items())
        if (!known_.contains(key)) refuse_unknown(key);
}

}  // namespace fedgram::spec
