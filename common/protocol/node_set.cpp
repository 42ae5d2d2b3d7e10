#include "common/protocol/node_set.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace fedgram::protocol {

namespace {

std::optional<NodeSet::Range> parse_range(std::string_view text)
{
    const char* const end = text.data() + text.size();
    NodeSet::Range range;
    auto parsed = std::from_chars(text.data(), end, range.first);
    if (parsed.ec != std::errc{}) return std::nullopt;
    range.last = range.first;
    if (parsed.ptr != end && *parsed.ptr == '-') parsed = std::from_chars(parsed.ptr + 1, end, range.last);
    if (parsed.ec != std::errc{} || parsed.ptr != end) return std::nullopt;
    return range;
}

/// A comma where blanks or a comma with blanks stand between two ranges.
std::string with_commas(std::string_view text)
{
    std::string result;
    bool blanks = false;
    for (const char c : text) {
        if (c == ' ') {
            blanks = true;
            continue;
        }
        if (blanks && c != ',' && !result.empty() && result.back() != ',') result += ',';
        blanks = false;
        result += c;
    }
    return result;
}

}  // namespace

NodeSet::NodeSet(std::span<const std::uint32_t> ids)
{
    for (const auto id : ids) static_cast<void>(append({id, id}));
}

std::optional<NodeSet> NodeSet::parse(std::string_view written)
{
    const auto text = with_commas(written);
    std::vector<Range> ranges;
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto comma = std::min(text.find(',', begin), text.size());
        const auto range = parse_range(std::string_view{text}.substr(begin, comma - begin));
        if (!range) return std::nullopt;
        ranges.push_back(*range);
        begin = comma + 1;
    }
    std::ranges::sort(ranges, {}, &Range::first);
    NodeSet nodes;
    if (!std::ranges::all_of(ranges, [&](const auto& range) { return nodes.append(range); })) return std::nullopt;
    return nodes;
}

bool NodeSet::append(Range range)
{
    if (range.last < range.first || range.last >= limit) return false;
    if (!ranges_.empty() && range.first <= ranges_.back().last) return false;
    if (!ranges_.empty() && range.first == ranges_.back().last + 1)
        ranges_.back().last = range.last;
    else
        ranges_.push_back(range);
    return true;
}

std::uint32_t NodeSet::size() const
{
    std::uint32_t size = 0;
    for (const auto& range : ranges_) size += range.last - range.first + 1;
    return size;
}

bool NodeSet::contains(std::uint32_t node) const
{
    const auto behind = std::ranges::upper_bound(ranges_, node, {}, &Range::first);
    return behind != ranges_.begin() && node <= std::prev(behind)->last;
}

std::vector<std::uint32_t> NodeSet::ids() const
{
    std::vector<std::uint32_t> ids;
    for (const auto& range : ranges_)
        for (auto id = range.first; id <= range.last; ++id) ids.push_back(id);
    return ids;
}

std::string NodeSet::text() const
{
    std::string text;
    for (const auto& [first, last] : ranges_) {
        if (!text.empty()) text += ',';
        text += std::to_string(first);
        if (last > first) text += '-' + std::to_string(last);
    }
    return text;
}

NodeSet NodeSet::without(const NodeSet& others) const
{
    NodeSet rest;
    auto other = others.ranges_.begin();
    for (auto [first, last] : ranges_) {
        while (other != others.ranges_.end() && other->last < first) ++other;
        for (auto cut = other; cut != others.ranges_.end() && cut->first <= last && first <= last; ++cut) {
            if (cut->first > first) static_cast<void>(rest.append({first, cut->first - 1}));
            first = cut->last + 1;
        }
        if (first <= last) static_cast<void>(rest.append({first, last}));
    }
    return rest;
}

}  // namespace fedgram::protocol
