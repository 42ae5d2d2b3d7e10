// A frame's fixed part, as a stranger may send it. The first byte picks the limits: those before a client has said who
// it is, those of a run, or those of a server of inferences.

#include "common/protocol/frame.hpp"

#include <algorithm>

#include "common/error/error.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size != 1 + protocol::frame_header_size) return 0;
    protocol::Limits limits;
    if (data[0] % 2 != 0) {
        limits.payload_bytes = 4 * 206922;
        limits.encoded_bytes = 210158;  // int8, in blocks of 256
    }
    if (data[0] % 4 == 2) limits = {.header_bytes = 64, .inference_bytes = 3136};
    protocol::FrameHeaderBytes bytes;
    std::transform(data + 1, data + size, bytes.begin(), [](std::uint8_t byte) { return std::byte{byte}; });
    fuzz::allow_refusal<ProtocolError>([&] {
        const auto header = protocol::decode(bytes, limits);
        const bool is_encoded =
            header.type == protocol::MessageType::encoded_update || header.type == protocol::MessageType::encoded_model;
        const bool is_inference = header.type == protocol::MessageType::inference_request ||
                                  header.type == protocol::MessageType::inference_answer;
        const auto most = is_encoded     ? limits.encoded_bytes
                          : is_inference ? limits.inference_bytes
                                         : limits.payload_bytes;
        fuzz::require(header.header_bytes <= limits.header_bytes && header.payload_bytes <= most,
                      "no length is beyond its limit");
        fuzz::require(protocol::encode(header) == bytes, "a frame's fixed part has one form");
    });
    return 0;
}
