#include "experiments/commands/test_images.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

#include "common/error/error.hpp"
#include "common/learning/training/stored_batch.hpp"
#include "common/learning/training/training.hpp"
#include "datasets/readers/dataset.hpp"
#include "experiments/commands/trained_run.hpp"

namespace fedgram::experiments {

namespace {

template <class T>
std::vector<std::byte> bytes_of(std::span<const T> values)
{
    const auto bytes = std::as_bytes(values);
    return {bytes.begin(), bytes.end()};
}

}  // namespace

ImageSet test_images(const std::filesystem::path& run, const std::optional<std::filesystem::path>& data_folder,
                     PixelForm form, std::optional<std::uint32_t> count)
{
    const auto experiment = experiment_of(run);
    const auto data = datasets::load(experiment.data, data_folder);
    const auto& test = data.test;
    if (form == PixelForm::bytes && test.pixels.empty())
        throw SpecError{"--bytes: the samples of " + data.name + " are no bytes; leave it out"};
    const auto pixels = std::size_t{data.channels} * data.height * data.width;
    if (count && *count > test.size())
        throw SpecError{"--images: the test set of " + data.name + " has " + std::to_string(test.size()) +
                        ", and not " + std::to_string(*count) + "; use 1 to " + std::to_string(test.size()) +
                        ", or leave it out"};
    std::vector<std::uint32_t> all(count.value_or(static_cast<std::uint32_t>(test.size())));
    std::iota(all.begin(), all.end(), 0U);
    const learning::Samples samples{.pixels = test.pixels, .labels = test.labels, .values = test.values};
    learning::StoredBatch stored{samples, pixels, experiment.data.normalization};
    const auto batch = stored.of(all);
    ImageSet set;
    set.labels.assign(test.labels.begin(), test.labels.begin() + static_cast<std::ptrdiff_t>(all.size()));
    std::vector<float> floats(pixels);
    for (const auto sample : all) {
        if (form == PixelForm::bytes) {
            set.images.push_back(bytes_of(test.pixels.subspan(sample * pixels, pixels)));
            continue;
        }
        batch.write_image(sample, floats.data());
        set.images.push_back(bytes_of(std::span<const float>{floats}));
    }
    return set;
}

}  // namespace fedgram::experiments
