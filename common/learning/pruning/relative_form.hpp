#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/learning/pruning/stored_values.hpp"

namespace fedgram::learning {

/// Which values of a tensor aren't 0, as the number of entries in 32 bits, and their gaps. A gap is how many zeros are
/// passed over since the entry before, in few bits; where there are more than they can say, an entry with the largest
/// gap and the value 0 fills in (Han et al. 2015, arXiv:1510.00149, figure 2). Zeros behind the last entry need none.
class RelativeForm {
public:
    /// Of a tensor of so many values.
    RelativeForm(unsigned gap_bits, std::size_t size)
        : gap_bits_{gap_bits}, largest_gap_{(std::size_t{1} << gap_bits) - 1}, size_{size}
    {
    }

    [[nodiscard]] Places entries(const Places& stored) const;
    [[nodiscard]] std::uint64_t bytes(const Places& entries) const;
    void append(const Places& entries, std::vector<std::byte>& to) const;
    [[nodiscard]] Places read(std::span<const std::byte>& bytes) const;
    void check_zero(const Places& entries, std::size_t entry) const;

private:
    unsigned gap_bits_;
    std::size_t largest_gap_;
    std::size_t size_;
};

}  // namespace fedgram::learning
