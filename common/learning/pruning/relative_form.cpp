#include "common/learning/pruning/relative_form.hpp"

#include <string>

#include "common/error/error.hpp"
#include "common/learning/codec/bit_stream.hpp"

namespace fedgram::learning {

namespace {

constexpr unsigned count_bits = 32;

// The zeros that the entry passes over.
std::size_t gap_before(const Places& entries, std::size_t entry)
{
    return entry == 0 ? entries[0] : entries[entry] - entries[entry - 1] - 1;
}

}  // namespace

Places RelativeForm::entries(const Places& stored) const
{
    Places all;
    all.reserve(stored.size());
    std::size_t next = 0;
    for (const auto place : stored) {
        // A filler passes over the largest gap, and is a zero itself.
        for (; place - next > largest_gap_; next += largest_gap_ + 1)
            all.push_back(static_cast<std::uint32_t>(next + largest_gap_));
        all.push_back(place);
        next = place + std::size_t{1};
    }
    return all;
}

std::uint64_t RelativeForm::bytes(const Places& entries) const
{
    return (count_bits + entries.size() * gap_bits_ + 7) / 8;
}

void RelativeForm::append(const Places& entries, std::vector<std::byte>& to) const
{
    BitWriter writer{to};
    writer.write(static_cast<std::uint32_t>(entries.size()), count_bits);
    for (std::size_t i = 0; i < entries.size(); ++i)
        writer.write(static_cast<std::uint32_t>(gap_before(entries, i)), gap_bits_);
    writer.finish();
}

Places RelativeForm::read(std::span<const std::byte>& bytes) const
{
    BitReader reader{bytes};
    const auto count = reader.read(count_bits);
    if (count > size_)
        throw DataError{"has " + std::to_string(count) + " entries of " + std::to_string(size_) + " values"};
    Places entries;
    std::size_t next = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto place = next + reader.read(gap_bits_);
        if (place >= size_)
            throw DataError{"has an entry that is out of range: " + std::to_string(place) + " of " +
                            std::to_string(size_) + " values"};
        entries.push_back(static_cast<std::uint32_t>(place));
        next = place + 1;
    }
    bytes = bytes.subspan(reader.finish());
    return entries;
}

void RelativeForm::check_zero(const Places& entries, std::size_t entry) const
{
    if (gap_before(entries, entry) != largest_gap_ || entry + 1 == entries.size())
        throw DataError{"has a 0 as entry " + std::to_string(entry) +
                        "; only one with the largest gap that isn't the last can be 0"};
}

}  // namespace fedgram::learning
