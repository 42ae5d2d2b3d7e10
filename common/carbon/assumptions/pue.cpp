#include "common/carbon/assumptions/pue.hpp"

#include <string>

#include "common/error/error.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::carbon {

Pue::Pue(double ratio) : ratio_{ratio}
{
    if (!(ratio >= 1 && ratio <= 10))
        throw SpecError{"PUE: " + text::shortest(ratio) + " is not valid; use a number from 1 to 10"};
}

}  // namespace fedgram::carbon
