#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fedgram::learning {

/// A matrix in compressed sparse rows: where each row begins among the values that aren't 0, and the end of the last,
/// in 32 bits; then the column of each, in 16 or 32; then the values. With a values and n rows these are the 2a + n + 1
/// numbers of Han et al. (2015, arXiv:1510.00149).
class CsrForm {
public:
    /// For a matrix of so many columns, at least 1, which indices of 16 or 32 bits can tell apart.
    CsrForm(unsigned index_bits, std::size_t columns) : index_bits_{index_bits}, columns_{columns} {}

    [[nodiscard]] std::uint64_t bytes(std::span<const float> values) const;
    void append(std::span<const float> values, std::vector<std::byte>& to) const;
    /// Fills `values`, which are 0, from bytes that hold nothing else. Throws DataError for what `append` doesn't
    /// write.
    void read(std::span<const std::byte> bytes, std::span<float> values) const;

private:
    unsigned index_bits_;
    std::size_t columns_;
};

}  // namespace fedgram::learning
