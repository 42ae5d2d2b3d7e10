#include "client/serving/request_image.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace fedgram::client {

RequestImages::RequestImages(const ServedModel& model) : pixels_{model.pixels()}
{
    const auto& shape = model.model.shape;
    if (model.normalization)
        bytes_.emplace(*model.normalization, shape.channels, std::size_t{shape.height} * shape.width);
}

std::variant<std::vector<float>, wire::InferenceRefusal::Reason> RequestImages::image(protocol::Frame frame,
                                                                                      protocol::PayloadPool& pool) const
{
    if (frame.payload_bytes == most_bytes()) {
        if (std::ranges::all_of(frame.payload, [](float pixel) { return std::isfinite(pixel); }))
            return std::move(frame.payload);
        pool.give_back(std::move(frame.payload));
        return wire::InferenceRefusal::NOT_FINITE;
    }
    if (frame.payload_bytes == pixels_ && bytes_) {
        auto image = pool.take(pixels_);
        bytes_->apply(frame.encoded(), image);
        pool.give_back(std::move(frame.payload));
        return image;
    }
    pool.give_back(std::move(frame.payload));
    return wire::InferenceRefusal::BAD_SIZE;
}

}  // namespace fedgram::client
