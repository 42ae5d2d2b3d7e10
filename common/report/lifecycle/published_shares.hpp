#pragma once

#include <span>
#include <string_view>

namespace fedgram::report {

/// What somebody has said of the share of inference, each of another quantity: none is a share of carbon.
struct PublishedShare {
    std::string_view who;
    double low;             ///< a fraction of 1
    double high;            ///< the same as `low` where one number was stated
    std::string_view of;    ///< the quantity
    std::string_view note;  ///< how it is known
    std::string_view source;
};

[[nodiscard]] std::span<const PublishedShare> published_inference_shares();

}  // namespace fedgram::report
