#include "datasets/readers/standardization.hpp"

#include <cmath>

#include "common/error/error.hpp"

namespace fedgram::datasets {

Standardization standardize(OwnedSplit& train, OwnedSplit& test, const std::string& where)
{
    if (train.values.empty())
        throw DataError{where +
                        ": its samples are bytes; data.standardize is for numbers, data.normalization for bytes"};
    const auto count = train.labels.size();
    const auto features = train.values.size() / count;
    Standardization done;
    for (std::size_t feature = 0; feature < features; ++feature) {
        double sum = 0;
        double squares = 0;
        for (std::size_t i = feature; i < train.values.size(); i += features) sum += train.values[i];
        const double mean = sum / static_cast<double>(count);
        for (std::size_t i = feature; i < train.values.size(); i += features)
            squares += (train.values[i] - mean) * (train.values[i] - mean);
        const double deviation = std::sqrt(squares / static_cast<double>(count));
        done.mean.push_back(mean);
        done.deviation.push_back(deviation);
        for (auto* values : {&train.values, &test.values})
            for (std::size_t i = feature; i < values->size(); i += features) {
                const auto value = deviation > 0 ? static_cast<float>(((*values)[i] - mean) / deviation) : 0.0F;
                if (!std::isfinite(value))
                    throw DataError{where + ": feature " + std::to_string(feature) + " has a value of " +
                                    std::to_string((*values)[i]) + " at a deviation of " + std::to_string(deviation) +
                                    "; no float holds it standardized"};
                (*values)[i] = value;
            }
    }
    return done;
}

}  // namespace fedgram::datasets
