#include "datasets/partition/subset.hpp"

#include <algorithm>
#include <span>
#include <string>

#include "common/error/error.hpp"
#include "datasets/partition/apportion.hpp"
#include "datasets/partition/label_index.hpp"
#include "datasets/readers/dataset.hpp"

namespace fedgram::datasets {

std::vector<std::uint32_t> subset(std::span<const std::uint8_t> labels, std::uint32_t classes, std::uint32_t count,
                                  std::uint64_t seed)
{
    if (count == 0 || count > labels.size())
        throw SpecError{"data.train_samples: " + std::to_string(count) + " of " + std::to_string(labels.size()) +
                        " training samples; use 1 to " + std::to_string(labels.size())};
    return balanced_subset(labels, classes, count, seed, Purpose::subset);
}

std::vector<std::uint32_t> balanced_subset(std::span<const std::uint8_t> labels, std::uint32_t classes,
                                           std::uint32_t count, std::uint64_t seed, Purpose purpose)
{
    auto by_label = indices_by_label(labels, classes);
    std::vector<double> class_sizes;
    for (const auto& samples : by_label) class_sizes.push_back(static_cast<double>(samples.size()));
    const auto counts = apportion(count, class_sizes);
    std::vector<std::uint32_t> chosen;
    for (std::uint32_t label = 0; label < classes; ++label) {
        // A stream for each class: when one class has another count, the choice in the others stays.
        Stream stream{seed, purpose, 0, label};
        stream.shuffle(std::span{by_label[label]});
        chosen.insert(chosen.end(), by_label[label].begin(), by_label[label].begin() + counts[label]);
    }
    std::sort(chosen.begin(), chosen.end());
    return chosen;
}

}  // namespace fedgram::datasets
