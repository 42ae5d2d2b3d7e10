#include "common/learning/pruning/stored_values.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

#include "common/learning/codec/value_code.hpp"

namespace fedgram::learning {

static_assert(std::endian::native == std::endian::little, "values are stored as they lie in memory");

namespace {

// Calls `body` with a number as wide as the values, whose bits are theirs.
template <class Body>
auto with_width(std::size_t width, const Body& body)
{
    assert(width == 1 || width == 2 || width == 4);
    if (width == 1) return body(std::uint8_t{});
    if (width == 2) return body(std::uint16_t{});
    return body(std::uint32_t{});
}

template <class Bits>
Bits bits_at(std::span<const std::byte> bytes, std::size_t place)
{
    Bits bits;
    std::memcpy(&bits, bytes.data() + place * sizeof bits, sizeof bits);
    return bits;
}

}  // namespace

bool TensorValues::is_zero(std::size_t place) const
{
    const auto value = bytes_.subspan(place * width_, width_);
    return std::ranges::all_of(value, [](std::byte byte) { return byte == std::byte{}; });
}

Places stored_places(const TensorValues& values)
{
    return with_width(values.width(), [&]<class Bits>(Bits) {
        Places places;
        for (std::size_t i = 0; i < values.size(); ++i)
            if (bits_at<Bits>(values.bytes(), i) != 0) places.push_back(static_cast<std::uint32_t>(i));
        return places;
    });
}

void append_values(const TensorValues& values, const Places& places, std::vector<std::byte>& to)
{
    auto* next = grow(to, places.size() * values.width()).data();
    with_width(values.width(), [&]<class Bits>(Bits) {
        for (const auto place : places) {
            std::memcpy(next, values.bytes().data() + place * sizeof(Bits), sizeof(Bits));
            next += sizeof(Bits);
        }
    });
}

void place_values(const TensorValues& values, const Places& places, std::span<std::byte> tensor)
{
    assert(values.size() == places.size());
    with_width(values.width(), [&]<class Bits>(Bits) {
        const auto* next = values.bytes().data();
        for (const auto place : places) {
            std::memcpy(tensor.data() + place * sizeof(Bits), next, sizeof(Bits));
            next += sizeof(Bits);
        }
    });
}

}  // namespace fedgram::learning
