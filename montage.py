from PIL import Image
import glob,sys
for pre,out in (('pg','sheet.png'),('wp','wsheet.png')):
    f=sorted(glob.glob(pre+'-*.png'))
    if not f: continue
    ims=[Image.open(x).convert('RGB') for x in f]
    w=max(i.width for i in ims);h=max(i.height for i in ims)
    o=Image.new('RGB',(w*3,h*(-(-len(ims)//3))),'gray')
    for k,i in enumerate(ims): o.paste(i,((k%3)*w,(k//3)*h))
    o.save(out); print(out,len(ims))
