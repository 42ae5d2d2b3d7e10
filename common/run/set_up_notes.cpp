#include "common/run/set_up_notes.hpp"

namespace fedgram::run {

std::string start_note(const std::string& file)
{
    return "Trainings begin with the model in " + file + "; what it took to train that is in no cell";
}

std::string precision_note(const std::string& label)
{
    return label +
           " trained in precision bf16, products in bfloat16 and all else in float32; device profiles price its FLOPs "
           "at float32 rates";
}

}  // namespace fedgram::run
