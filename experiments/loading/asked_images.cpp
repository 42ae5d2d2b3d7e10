#include "experiments/loading/asked_images.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "common/error/error.hpp"
#include "common/random/stream.hpp"

namespace fedgram::experiments {

namespace {

std::size_t pixels_of(const wire::ServerHello& server)
{
    return std::size_t{server.channels()} * server.height() * server.width();
}

void check(std::size_t bytes, const wire::ServerHello& server)
{
    const auto pixels = pixels_of(server);
    if (bytes == pixels * sizeof(float)) return;
    if (bytes != pixels)
        throw SpecError{"images: one of " + std::to_string(bytes) +
                        " bytes is no image of the server's model, which has " + std::to_string(server.channels()) +
                        " x " + std::to_string(server.height()) + " x " + std::to_string(server.width()) +
                        " pixels; use the images that it was trained for"};
    if (!server.takes_bytes())
        throw SpecError{
            "images: the server takes no bytes, as it doesn't know how its model's were normalized; use float32"};
}

}  // namespace

ImageSet random_images(std::size_t count, PixelForm form, const wire::ServerHello& server, std::uint64_t seed)
{
    ImageSet set;
    Stream stream{seed, Purpose::probe};
    for (std::size_t i = 0; i < count; ++i) {
        auto& image = set.images.emplace_back();
        if (form == PixelForm::bytes) {
            image.resize(pixels_of(server));
            std::ranges::generate(image, [&] { return static_cast<std::byte>(stream.below(256)); });
            continue;
        }
        std::vector<float> values(pixels_of(server));
        std::ranges::generate(values, [&] { return static_cast<float>(stream.uniform()); });
        const auto bytes = std::as_bytes(std::span{values});
        image.assign(bytes.begin(), bytes.end());
    }
    return set;
}

AskedImages::AskedImages(ImageSet set, const wire::ServerHello& server)
    : set_{std::move(set)}, classes_(set_.images.size())
{
    for (const auto& image : set_.images) check(image.size(), server);
}

void AskedImages::answered(std::size_t image, std::span<const float> logits)
{
    const auto largest = std::ranges::max_element(logits) - logits.begin();
    auto& first = classes_[image];
    if (!first) first = largest;
    if (*first != largest)
        throw ProtocolError{"the server answers an image with class " + std::to_string(largest) +
                            " that was of class " + std::to_string(*first) + " at first"};
}

std::optional<LabelledAnswers> AskedImages::labelled() const
{
    LabelledAnswers all;
    for (std::size_t i = 0; i < set_.labels.size(); ++i) {
        if (!classes_[i]) continue;
        ++all.images;
        if (*classes_[i] == static_cast<std::ptrdiff_t>(set_.labels[i])) ++all.right;
    }
    if (all.images == 0) return std::nullopt;
    return all;
}

}  // namespace fedgram::experiments
