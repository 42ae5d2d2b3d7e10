#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "common/learning/model/parameters.hpp"

namespace fedgram::coordinator {

/// The stretches of a model's flat array that optimizers train. What lies between them are buffers, such as a running
/// mean: a strategy leaves these as the aggregate has them.
class TrainedParts {
public:
    struct Part {
        std::size_t begin = 0;
        std::size_t end = 0;
    };

    explicit TrainedParts(const learning::ParameterTable& table);

    [[nodiscard]] std::span<const Part> parts() const { return parts_; }

private:
    std::vector<Part> parts_;
};

}  // namespace fedgram::coordinator
