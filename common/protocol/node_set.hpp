#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fedgram::protocol {

/// Nodes as ascending ranges. A hundred thousand in a row take no more room than one, on the wire and in a certificate.
class NodeSet {
public:
    struct Range {
        std::uint32_t first = 0;
        std::uint32_t last = 0;  ///< included

        friend bool operator==(const Range&, const Range&) = default;
    };

    /// Ids are below this.
    static constexpr std::uint32_t limit = 1'000'000;

    NodeSet() = default;
    /// `ids` ascend strictly and are below `limit`.
    explicit NodeSet(std::span<const std::uint32_t> ids);

    /// From "0-4,7". Nothing for text of another form, and for a node named twice.
    [[nodiscard]] static std::optional<NodeSet> parse(std::string_view text);

    /// Adds a range after all others. False, with nothing added, when it overlaps them, comes before them, or isn't
    /// below `limit`.
    [[nodiscard]] bool append(Range range);

    [[nodiscard]] const std::vector<Range>& ranges() const { return ranges_; }
    [[nodiscard]] bool empty() const { return ranges_.empty(); }
    [[nodiscard]] std::uint32_t size() const;
    [[nodiscard]] bool contains(std::uint32_t node) const;
    [[nodiscard]] std::vector<std::uint32_t> ids() const;
    /// "0-4,7"
    [[nodiscard]] std::string text() const;
    /// The nodes of this set that are not in `others`.
    [[nodiscard]] NodeSet without(const NodeSet& others) const;

    friend bool operator==(const NodeSet&, const NodeSet&) = default;

private:
    std::vector<Range> ranges_;  // ascending, with a gap between each two
};

}  // namespace fedgram::protocol
