#include "common/carbon/pue.hpp"

#include <string>

#include "common/carbon/number_text.hpp"
#include "common/error/error.hpp"

namespace fedgram::carbon {

Pue::Pue(double ratio) : ratio_{ratio}
{
    if (!(ratio >= 1 && ratio <= 10))
        throw SpecError{"PUE: " + shortest(ratio) + " is not valid; use a number from 1 to 10"};
}

}  // namespace fedgram::carbon
