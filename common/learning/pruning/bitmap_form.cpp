#include "common/learning/pruning/bitmap_form.hpp"

#include "common/learning/codec/bit_stream.hpp"
#include "common/learning/pruning/stored_values.hpp"

namespace fedgram::learning {

std::uint64_t BitmapForm::bytes(std::span<const float> values)
{
    return (values.size() + 7) / 8 + sizeof(float) * stored_count(values);
}

void BitmapForm::append(std::span<const float> values, std::vector<std::byte>& to)
{
    BitWriter writer{to};
    for (const auto value : values) writer.write(is_stored(value) ? 1 : 0, 1);
    writer.finish();
    append_stored(values, to);
}

void BitmapForm::read(std::span<const std::byte> bytes, std::span<float> values)
{
    BitReader reader{bytes};
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (reader.read(1) != 0) places.push_back(i);
    const auto stored = read_stored(bytes.subspan(reader.finish()), places.size());
    for (std::size_t i = 0; i < places.size(); ++i) values[places[i]] = stored[i];
}

}  // namespace fedgram::learning
