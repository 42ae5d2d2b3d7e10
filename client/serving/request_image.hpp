#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "client/serving/pixel_bytes.hpp"
#include "client/serving/served_model.hpp"
#include "common/protocol/messages.hpp"
#include "common/protocol/payload_pool.hpp"

namespace fedgram::client {

/// Takes the images of requests to a model.
class RequestImages {
public:
    explicit RequestImages(const ServedModel& model);

    /// The longest payload of a request.
    [[nodiscard]] std::uint64_t most_bytes() const { return pixels_ * sizeof(float); }
    /// Whether pixels may come as bytes.
    [[nodiscard]] bool takes_bytes() const { return bytes_.has_value(); }

    /// The image of a request's frame, or why it is none. Buffers come from the pool and go back there.
    [[nodiscard]] std::variant<std::vector<float>, wire::InferenceRefusal::Reason> image(
        protocol::Frame frame, protocol::PayloadPool& pool) const;

private:
    std::size_t pixels_;
    std::optional<PixelBytes> bytes_{};
};

}  // namespace fedgram::client
