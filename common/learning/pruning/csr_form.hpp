#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/learning/pruning/stored_values.hpp"

namespace fedgram::learning {

/// Which values of a matrix aren't 0, in compressed sparse rows: where each row begins among them, and the end of the
/// last, in 32 bits; then the column of each, in 16 or 32. With a values and n rows, and the values themselves, these
/// are the 2a + n + 1 numbers of Han et al. (2015, arXiv:1510.00149).
class CsrForm {
public:
    /// For a matrix of so many columns, at least 1, which indices of 16 or 32 bits can tell apart.
    CsrForm(unsigned index_bits, std::size_t rows, std::size_t columns)
        : index_bits_{index_bits}, rows_{rows}, columns_{columns}
    {
    }

    [[nodiscard]] static Places entries(Places stored) { return stored; }
    [[nodiscard]] std::uint64_t bytes(const Places& entries) const;
    void append(const Places& entries, std::vector<std::byte>& to) const;
    [[nodiscard]] Places read(std::span<const std::byte>& bytes) const;
    static void check_zero(const Places& entries, std::size_t entry);

private:
    unsigned index_bits_;
    std::size_t rows_;
    std::size_t columns_;
};

}  // namespace fedgram::learning
