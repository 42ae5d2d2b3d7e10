#include "common/energy/work/node_ranges.hpp"

#include "common/energy/work/packed_number.hpp"

namespace fedgram::energy {

std::optional<NodeRanges> NodeRanges::parse(std::string_view bytes)
{
    NodeRanges ranges;
    ranges.bytes_ = bytes;
    std::uint64_t end = 0;
    while (!bytes.empty()) {
        const auto gap = take_packed(bytes);
        const auto more = take_packed(bytes);
        if (!gap || !more || *gap >= limit || *more >= limit) return std::nullopt;
        end += *gap + *more + 1;
        if (end > limit) return std::nullopt;
        ranges.size_ += static_cast<std::uint32_t>(*more + 1);
    }
    ranges.end_ = static_cast<std::uint32_t>(end);
    return ranges;
}

void NodeRanges::append(NodeRange range)
{
    append_packed(bytes_, range.first - end_);
    append_packed(bytes_, range.count - 1);
    end_ = range.first + range.count;
    size_ += range.count;
}

std::optional<NodeRange> NodeRanges::Reader::next()
{
    if (rest_.empty()) return std::nullopt;
    const auto gap = static_cast<std::uint32_t>(take_packed(rest_).value_or(0));
    const auto count = static_cast<std::uint32_t>(take_packed(rest_).value_or(0)) + 1;
    const NodeRange range{end_ + gap, count};
    end_ += gap + count;
    return range;
}

}  // namespace fedgram::energy
