#include "common/learning/pruning/csr_form.hpp"

#include <string>

#include "common/error/error.hpp"
#include "common/learning/codec/bit_stream.hpp"

namespace fedgram::learning {

namespace {

constexpr unsigned pointer_bits = 32;

/// Where the rows begin, and the end of the last.
std::vector<std::uint32_t> read_pointers(BitReader& reader, std::size_t rows, std::size_t size)
{
    std::vector<std::uint32_t> pointers;
    for (std::size_t row = 0; row <= rows; ++row) {
        const auto pointer = reader.read(pointer_bits);
        if (row == 0 ? pointer != 0 : pointer < pointers.back() || pointer > size)
            throw DataError{
                "has a row that begins at value " + std::to_string(pointer) + ", but row " + std::to_string(row) +
                " can begin " +
                (row == 0 ? "at 0 only" : "from " + std::to_string(pointers.back()) + " to " + std::to_string(size))};
        pointers.push_back(pointer);
    }
    return pointers;
}

}  // namespace

std::uint64_t CsrForm::bytes(const Places& entries) const
{
    return pointer_bits / 8 * (rows_ + 1) + index_bits_ / 8 * entries.size();
}

void CsrForm::append(const Places& entries, std::vector<std::byte>& to) const
{
    BitWriter writer{to};
    std::uint32_t pointer = 0;
    writer.write(pointer, pointer_bits);
    for (std::size_t end = columns_; end <= rows_ * columns_; end += columns_) {
        while (pointer < entries.size() && entries[pointer] < end) ++pointer;
        writer.write(pointer, pointer_bits);
    }
    for (const auto place : entries) writer.write(static_cast<std::uint32_t>(place % columns_), index_bits_);
    writer.finish();
}

Places CsrForm::read(std::span<const std::byte>& bytes) const
{
    BitReader reader{bytes};
    const auto pointers = read_pointers(reader, rows_, rows_ * columns_);
    Places entries;
    for (std::size_t row = 0; row < rows_; ++row) {
        std::size_t next = 0;
        for (auto i = pointers[row]; i < pointers[row + 1]; ++i) {
            const std::size_t column = reader.read(index_bits_);
            if (column < next || column >= columns_)
                throw DataError{"has a value of row " + std::to_string(row) + " in column " + std::to_string(column) +
                                "; it can be in " + std::to_string(next) + " to " + std::to_string(columns_ - 1)};
            entries.push_back(static_cast<std::uint32_t>(row * columns_ + column));
            next = column + 1;
        }
    }
    bytes = bytes.subspan(reader.finish());
    return entries;
}

void CsrForm::check_zero(const Places&, std::size_t entry)
{
    throw DataError{"has a 0 as value " + std::to_string(entry) + "; what is 0 must not be stored"};
}

}  // namespace fedgram::learning
