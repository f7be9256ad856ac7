"""What people write, wherever they do: checked, made safe, said once, kept until they have signed in, shown."""
