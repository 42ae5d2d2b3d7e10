#include "common/learning/pruning/csr_form.hpp"

#include <string>

#include "common/error/error.hpp"
#include "common/learning/codec/bit_stream.hpp"
#include "common/learning/pruning/stored_values.hpp"

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

std::uint64_t CsrForm::bytes(std::span<const float> values) const
{
    const auto rows = values.size() / columns_;
    return pointer_bits / 8 * (rows + 1) + (index_bits_ / 8 + sizeof(float)) * stored_count(values);
}

void CsrForm::append(std::span<const float> values, std::vector<std::byte>& to) const
{
    BitWriter writer{to};
    std::uint32_t pointer = 0;
    writer.write(pointer, pointer_bits);
    for (std::size_t begin = 0; begin < values.size(); begin += columns_) {
        pointer += static_cast<std::uint32_t>(stored_count(values.subspan(begin, columns_)));
        writer.write(pointer, pointer_bits);
    }
    for (std::size_t i = 0; i < values.size(); ++i)
        if (is_stored(values[i])) writer.write(static_cast<std::uint32_t>(i % columns_), index_bits_);
    writer.finish();
    append_stored(values, to);
}

void CsrForm::read(std::span<const std::byte> bytes, std::span<float> values) const
{
    BitReader reader{bytes};
    const auto rows = values.size() / columns_;
    const auto pointers = read_pointers(reader, rows, values.size());
    std::vector<std::size_t> places;
    for (std::size_t row = 0; row < rows; ++row) {
        std::size_t next = 0;
        for (auto i = pointers[row]; i < pointers[row + 1]; ++i) {
            const std::size_t column = reader.read(index_bits_);
            if (column < next || column >= columns_)
                throw DataError{"has a value of row " + std::to_string(row) + " in column " + std::to_string(column) +
                                "; it can be in " + std::to_string(next) + " to " + std::to_string(columns_ - 1)};
            places.push_back(row * columns_ + column);
            next = column + 1;
        }
    }
    const auto stored = read_stored(bytes.subspan(reader.finish()), places.size());
    for (std::size_t i = 0; i < places.size(); ++i) values[places[i]] = stored[i];
}

}  // namespace fedgram::learning
