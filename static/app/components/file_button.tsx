/** A button that opens the browser's own window for choosing files. */
import { useRef } from "preact/hooks";
import { Button, type ButtonProps } from "./button";

export function FileButton(props: {
  label: string;
  icon: NonNullable<ButtonProps["icon"]>;
  look?: NonNullable<ButtonProps["look"]>;
  /** One file, several, or all files of a folder. */
  of: "file" | "files" | "folder";
  accept?: string;
  onFiles: (files: File[]) => void;
}) {
  const input = useRef<HTMLInputElement | null>(null);
  return (
    <>
      <Button icon={props.icon} look={props.look ?? "plain"} onClick={() => input.current?.click()}>
        {props.label}
      </Button>
      <input
        ref={(element) => {
          input.current = element;
          if (element && props.of === "folder") element.webkitdirectory = true;
        }}
        type="file"
        accept={props.accept}
        multiple={props.of !== "file"}
        hidden
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          // So that the same file can be chosen again.
          event.currentTarget.value = "";
          if (files.length > 0) props.onFiles(files);
        }}
      />
    </>
  );
}

/** The same for one file. */
export function OneFileButton(props: {
  label: string;
  icon: NonNullable<ButtonProps["icon"]>;
  look?: NonNullable<ButtonProps["look"]>;
  accept?: string;
  onFile: (file: File) => void;
}) {
  const { onFile, ...rest } = props;
  return <FileButton {...rest} of="file" onFiles={([file]) => file && onFile(file)} />;
}
