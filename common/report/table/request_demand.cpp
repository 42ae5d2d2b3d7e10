#include "common/report/table/request_demand.hpp"

namespace fedgram::report {

energy::InferenceDemand demand_of(const learning::ModelFigures& figures)
{
    const auto& inference = figures.inference;
    energy::Work work;
    work.samples = 1;
    work.steps = 1;
    work.flops = inference.float_ops;
    work.memory_bytes = inference.memory_bytes;
    work.kernels = inference.kernels;
    return {
        work, inference.int8_ops, {inference.weight_bytes, inference.peak_activation_bytes, inference.peak_operator}};
}

}  // namespace fedgram::report
