#include "common/learning/pruning/relative_form.hpp"

#include <string>

#include "common/error/error.hpp"
#include "common/learning/codec/bit_stream.hpp"
#include "common/learning/pruning/stored_values.hpp"

namespace fedgram::learning {

namespace {

constexpr unsigned count_bits = 32;

}  // namespace

template <class Entry>
void RelativeForm::for_each_entry(std::span<const float> values, Entry entry) const
{
    std::size_t gap = 0;
    for (const auto value : values) {
        if (!is_stored(value)) {
            ++gap;
            continue;
        }
        // A filler passes over the largest gap, and is a zero itself.
        for (; gap > largest_gap_; gap -= largest_gap_ + 1) entry(static_cast<std::uint32_t>(largest_gap_), 0.0F);
        entry(static_cast<std::uint32_t>(gap), value);
        gap = 0;
    }
}

std::uint64_t RelativeForm::bytes(std::span<const float> values) const
{
    std::uint64_t entries = 0;
    for_each_entry(values, [&](std::uint32_t, float) { ++entries; });
    return (count_bits + entries * gap_bits_ + 7) / 8 + entries * sizeof(float);
}

void RelativeForm::append(std::span<const float> values, std::vector<std::byte>& to) const
{
    std::vector<std::uint32_t> gaps;
    std::vector<float> stored;
    for_each_entry(values, [&](std::uint32_t gap, float value) {
        gaps.push_back(gap);
        stored.push_back(value);
    });
    BitWriter writer{to};
    writer.write(static_cast<std::uint32_t>(gaps.size()), count_bits);
    for (const auto gap : gaps) writer.write(gap, gap_bits_);
    writer.finish();
    append_floats(stored, to);
}

void RelativeForm::read(std::span<const std::byte> bytes, std::span<float> values) const
{
    BitReader reader{bytes};
    const auto count = reader.read(count_bits);
    if (count > values.size())
        throw DataError{"has " + std::to_string(count) + " entries of " + std::to_string(values.size()) + " values"};
    std::vector<std::size_t> places;
    std::size_t next = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto place = next + reader.read(gap_bits_);
        if (place >= values.size())
            throw DataError{"has an entry that is out of range: " + std::to_string(place) + " of " +
                            std::to_string(values.size()) + " values"};
        places.push_back(place);
        next = place + 1;
    }
    const auto stored = read_floats(bytes.subspan(reader.finish()), count);
    next = 0;
    for (std::size_t i = 0; i < stored.size(); ++i) {
        const bool can_fill = places[i] - next == largest_gap_ && i + 1 < stored.size();
        if (!is_stored(stored[i]) && !can_fill)
            throw DataError{"has a 0 as entry " + std::to_string(i) +
                            "; only one with the largest gap that isn't the last can be 0"};
        values[places[i]] = stored[i];
        next = places[i] + 1;
    }
}

}  // namespace fedgram::learning
