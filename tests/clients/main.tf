# An override as a resource: made by `pin`, undone by `reset`. The key is in the environment, never here.
variable "program" {
  type = string
}

resource "terraform_data" "git_clone" {
  input = {
    program = var.program
    field   = "gitCloneTag"
    image   = "harness/drone-git:1.6.3-rootless"
  }

  provisioner "local-exec" {
    command     = self.input.program
    environment = { PLUGIN_ACTION = "pin", PLUGIN_PIN = "${self.input.field}=${self.input.image}" }
  }

  provisioner "local-exec" {
    when        = destroy
    command     = self.input.program
    environment = { PLUGIN_ACTION = "reset", PLUGIN_RESET = self.input.field }
  }
}
