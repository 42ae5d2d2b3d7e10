#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fedgram::energy {

/// Nodes in a row: `first` and those after it.
struct NodeRange {
    std::uint32_t first = 0;
    std::uint32_t count = 0;

    friend bool operator==(const NodeRange&, const NodeRange&) = default;
};

/// Nodes in ascending order, as ranges, packed: each range is how far it begins behind the last one's end, and how many
/// it has beyond one, as numbers of 7 bits a byte. A hundred thousand nodes in a row take four bytes, and a tenth of
/// them, drawn at random, some two bytes a node.
class NodeRanges {
public:
    /// An id is below this where bytes are parsed: protocol::NodeSet::limit.
    static constexpr std::uint32_t limit = 1'000'000;

    NodeRanges() = default;
    /// From `bytes` of another; nothing where they are none.
    [[nodiscard]] static std::optional<NodeRanges> parse(std::string_view bytes);

    /// `range` holds at least one node, and comes after all others.
    void append(NodeRange range);

    [[nodiscard]] std::uint32_t size() const { return size_; }
    [[nodiscard]] const std::string& bytes() const { return bytes_; }

    /// One range after the other.
    class Reader {
    public:
        explicit Reader(const NodeRanges& ranges) : rest_{ranges.bytes_} {}
        /// Nothing at the end.
        [[nodiscard]] std::optional<NodeRange> next();

    private:
        std::string_view rest_;
        std::uint32_t end_ = 0;  // of the last one
    };

    friend bool operator==(const NodeRanges&, const NodeRanges&) = default;

private:
    std::string bytes_;
    std::uint32_t end_ = 0;  // behind the last node
    std::uint32_t size_ = 0;
};

}  // namespace fedgram::energy
