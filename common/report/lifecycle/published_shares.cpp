#include "common/report/lifecycle/published_shares.hpp"

#include <array>

namespace fedgram::report {

std::span<const PublishedShare> published_inference_shares()
{
    static constexpr std::array shares{
        PublishedShare{"NVIDIA", 0.8, 0.9, "the ML workload", "demand or cost, stated by a vendor; not measured carbon",
                       "as quoted by Patterson et al., arXiv:2104.10350, their [Leo19]"},
        PublishedShare{"AWS", 0.9, 0.9, "the demand for ML in its cloud",
                       "demand or cost, stated by a vendor; not measured carbon",
                       "as quoted by Patterson et al., arXiv:2104.10350, their [Bar19]"},
        PublishedShare{"Google, 2019 to 2021", 0.6, 0.6, "its energy for ML", "measured; training is the other 40 %",
                       "as quoted in arXiv:2412.09731"},
        PublishedShare{"Meta", 0.7, 0.7, "its power capacity for AI",
                       "capacity, not use: experiments, training and inference are 10:20:70",
                       "as quoted in arXiv:2412.09731"}};
    return shares;
}

}  // namespace fedgram::report
