#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fedgram::learning {

/// A tensor as the number of its entries in 32 bits, their gaps, and their values. A gap is how many zeros are passed
/// over since the entry before, in few bits; where there are more than they can say, an entry with the largest gap and
/// the value 0 fills in (Han et al. 2015, arXiv:1510.00149, figure 2). Zeros behind the last entry need none.
class RelativeForm {
public:
    explicit RelativeForm(unsigned gap_bits) : gap_bits_{gap_bits}, largest_gap_{(std::size_t{1} << gap_bits) - 1} {}

    [[nodiscard]] std::uint64_t bytes(std::span<const float> values) const;
    void append(std::span<const float> values, std::vector<std::byte>& to) const;
    /// Fills `values`, which are 0, from bytes that hold nothing else. Throws DataError for what `append` doesn't
    /// write.
    void read(std::span<const std::byte> bytes, std::span<float> values) const;

private:
    /// Calls `entry` with gap and value of each.
    template <class Entry>
    void for_each_entry(std::span<const float> values, Entry entry) const;

    unsigned gap_bits_;
    std::size_t largest_gap_;
};

}  // namespace fedgram::learning
