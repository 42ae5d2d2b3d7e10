#include "common/learning/codec/value_code.hpp"

#include <string>

#include "common/error/error.hpp"
#include "common/learning/codec/block_code.hpp"
#include "common/learning/codec/float_code.hpp"
#include "common/learning/codec/qsgd_code.hpp"
#include "common/learning/codec/sign_code.hpp"

namespace fedgram::learning {

std::unique_ptr<const ValueCode> make_value_code(const spec::Compression& compression)
{
    using spec::Quantizer;
    switch (compression.quantizer) {
        case Quantizer::none:
            break;
        case Quantizer::fp16:
            return std::make_unique<Float16Code>();
        case Quantizer::bf16:
            return std::make_unique<Bfloat16Code>();
        case Quantizer::int8:
            return std::make_unique<BlockCode>(BlockCode::Width::int8, compression.block);
        case Quantizer::int4:
            return std::make_unique<BlockCode>(BlockCode::Width::int4, compression.block);
        case Quantizer::qsgd:
            return std::make_unique<QsgdCode>(compression.levels);
        case Quantizer::sign:
            return std::make_unique<SignCode>();
    }
    return std::make_unique<Float32Code>();
}

void require_bytes(std::span<const std::byte> bytes, std::uint64_t expected)
{
    if (bytes.size() != expected)
        throw DataError{"has " + std::to_string(bytes.size()) + " bytes of values; they must be " +
                        std::to_string(expected)};
}

std::span<std::byte> grow(std::vector<std::byte>& message, std::uint64_t bytes)
{
    const auto before = message.size();
    message.resize(before + bytes);
    return std::span{message}.subspan(before);
}

}  // namespace fedgram::learning
