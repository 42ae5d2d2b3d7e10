#include "coordinator/selection/uniform.hpp"

#include "coordinator/selection/cohort.hpp"

namespace fedgram::coordinator {

Decision Uniform::select(const Moment& moment) const
{
    return Cohort{draw_cohort(seed_, moment.round, moment.available, moment.cohort_size)};
}

}  // namespace fedgram::coordinator
