#include "common/carbon/assumptions/inference_load.hpp"

#include <algorithm>

namespace fedgram::carbon {

const energy::ServingProfile* InferenceLoad::served_by(const std::string& id) const
{
    const auto found = std::ranges::find(serving, id, &energy::ServingProfile::id);
    return found == serving.end() ? nullptr : &*found;
}

}  // namespace fedgram::carbon
