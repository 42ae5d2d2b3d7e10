#include "experiments/launch/invitation.hpp"

#include <stdlib.h>

#include "common/protocol/secret.hpp"

namespace fedgram::experiments {

void invite_child_processes() { ::setenv(protocol::Secret::variable, protocol::Secret::random().hex().c_str(), 1); }

}  // namespace fedgram::experiments
