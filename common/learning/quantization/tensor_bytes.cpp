#include "common/learning/quantization/tensor_bytes.hpp"

#include <algorithm>
#include <cmath>

#include "common/error/error.hpp"
#include "common/learning/quantization/symmetric_codes.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::learning {

TensorBytes::TensorBytes(const EncodedTensor& tensor, std::size_t expected) : tensor_{tensor}
{
    if (tensor.bytes.size() != expected)
        throw DataError{tensor.name + ": has " + std::to_string(tensor.bytes.size()) + " bytes of " + tensor.encoding +
                        "; they must be " + std::to_string(expected)};
}

std::vector<float> TensorBytes::scales(std::size_t count)
{
    auto scales = numbers<float>(count);
    for (const float scale : scales)
        if (!(std::isfinite(scale) && scale >= least_scale))
            throw DataError{tensor_.name + ": has the scale " + text::shortest(static_cast<double>(scale)) +
                            "; it must be finite and at least 2^-23"};
    return scales;
}

std::vector<std::int8_t> TensorBytes::weight_codes(std::size_t count)
{
    auto codes = numbers<std::int8_t>(count);
    if (std::find(codes.begin(), codes.end(), -most_weight_code - 1) != codes.end())
        throw DataError{tensor_.name + ": has the code -128, which is not offered; they are from -127 to 127"};
    return codes;
}

}  // namespace fedgram::learning
