#include "datasets/readers/classes.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <utility>

#include "common/error/error.hpp"

namespace fedgram::datasets {

namespace {

constexpr std::size_t most_classes = 256;

/// By number where both are whole numbers, which come before all other texts.
bool is_before(const std::string& a, const std::string& b)
{
    const auto number = [](const std::string& text) -> std::optional<std::int64_t> {
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
        return value;
    };
    const auto first = number(a);
    const auto second = number(b);
    if (first && second && *first != *second) return *first < *second;
    if (first.has_value() != second.has_value()) return first.has_value();
    return a < b;
}

/// UTF-8 characters of a text.
std::vector<std::string> characters(const std::string& text)
{
    std::vector<std::string> all;
    for (const char c : text) {
        const bool goes_on = (static_cast<unsigned char>(c) & 0xC0) == 0x80;
        if (goes_on && !all.empty())
            all.back() += c;
        else
            all.emplace_back(1, c);
    }
    return all;
}

}  // namespace

std::uint8_t Classes::place_of(const std::string& label, const std::string& where) const
{
    const auto found = places.find(label);
    if (found != places.end()) return found->second;
    throw DataError{where + ": label \"" + label +
                    "\" is not among data.labels; add it there, or leave the sample out"};
}

Classes classes_of(const spec::DataFiles& data, std::initializer_list<const RawSamples*> splits)
{
    Classes classes{data.labels, {}};
    if (classes.names.empty()) {
        std::set<std::string> seen;
        for (const auto* split : splits) {
            seen.insert(split->labels.begin(), split->labels.end());
            for (const auto& text : split->texts)
                for (auto& character : characters(text)) seen.insert(std::move(character));
        }
        classes.names = {seen.begin(), seen.end()};
        std::ranges::sort(classes.names, is_before);
    }
    const auto& where = data.train.files.empty() ? data.train.labels : data.train.files.front();
    if (classes.names.size() < 2)
        throw DataError{where + ": one class alone, \"" + classes.names.front() + "\"; expected at least two"};
    if (classes.names.size() > most_classes)
        throw DataError{where + ": " + std::to_string(classes.names.size()) + " classes, such as \"" +
                        classes.names.front() + "\" and \"" + classes.names.back() + "\"; expected 256 at most" +
                        (data.format == spec::DataFormat::csv ? ": is \"" + data.label_column + "\" the label?" : "")};
    for (const auto& name : classes.names)
        classes.places.emplace(name, static_cast<std::uint8_t>(classes.places.size()));
    return classes;
}

void encode_texts(RawSamples& raw, const Classes& classes)
{
    for (std::size_t i = 0; i < raw.texts.size(); ++i) {
        const auto text = characters(raw.texts[i]);
        const auto length = static_cast<std::uint32_t>(text.size());
        if (raw.shape.empty()) raw.shape = {length};
        if (length == 0 || raw.shape.front() != length)
            throw DataError{raw.where(i) + ": a text of " + std::to_string(length) + " characters; expected " +
                            std::to_string(raw.shape.front()) + ", as the others have"};
        for (const auto& character : text) raw.values.push_back(classes.place_of(character, raw.where(i)));
    }
}

}  // namespace fedgram::datasets
