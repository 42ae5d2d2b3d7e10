#pragma once

namespace fedgram::experiments {

/// Makes the secret of one run and puts it into this process's environment. The processes that it starts from then on
/// inherit it, so that coordinator and clients can prove to each other that they belong to this run. Throws SystemError
/// when there are no random bytes.
void invite_child_processes();

}  // namespace fedgram::experiments
