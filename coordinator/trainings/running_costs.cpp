#include "coordinator/trainings/running_costs.hpp"

#include "common/carbon/emissions/emissions.hpp"

namespace fedgram::coordinator {

void RunningCosts::add(const energy::TrainingEnergy& more)
{
    const auto column = federated_ ? carbon::federated_column(more, accounting_)
                                   : carbon::centralized_column(more, accounting_.pue.front(), accounting_, 0);
    devices_ += federated_ ? column.devices : more.train;
    operational_ += column.operational();
}

}  // namespace fedgram::coordinator
