#include "common/learning/pruning/bitmap_form.hpp"

#include <string>

#include "common/error/error.hpp"
#include "common/learning/codec/bit_stream.hpp"

namespace fedgram::learning {

std::uint64_t BitmapForm::bytes(const Places&) const { return (size_ + 7) / 8; }

void BitmapForm::append(const Places& entries, std::vector<std::byte>& to) const
{
    BitWriter writer{to};
    std::size_t next = 0;
    for (std::size_t i = 0; i < size_; ++i) {
        const bool is_stored = next < entries.size() && entries[next] == i;
        writer.write(is_stored ? 1 : 0, 1);
        next += is_stored ? 1 : 0;
    }
    writer.finish();
}

Places BitmapForm::read(std::span<const std::byte>& bytes) const
{
    BitReader reader{bytes};
    Places entries;
    for (std::size_t i = 0; i < size_; ++i)
        if (reader.read(1) != 0) entries.push_back(static_cast<std::uint32_t>(i));
    bytes = bytes.subspan(reader.finish());
    return entries;
}

void BitmapForm::check_zero(const Places&, std::size_t entry)
{
    throw DataError{"has a 0 as value " + std::to_string(entry) + "; what is 0 must not be stored"};
}

}  // namespace fedgram::learning
